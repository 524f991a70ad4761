/** Which names of variables hide their values: the built-in ones and those that the options list. `@sensitive` comments are read in `pragmas.ts`. */
import { matchesName } from '@captureflow/trace/name-patterns';
import { isSensitiveName } from '@captureflow/trace/redaction';
import type { ResolvedOptions } from './options.ts';

export interface NameRules {
  /** Why the value is hidden; undefined: it is not. */
  hidden(name: string): 'by its name' | 'by option redact' | undefined;
}

export function createNameRules({ redact }: Pick<ResolvedOptions, 'redact'>): NameRules {
  const deny = redact.deny ?? [];
  const allow = redact.allow ?? [];
  return {
    hidden(name) {
      // Patterns match letters in either case; they are lower case on one side only.
      if (deny.some((pattern) => matchesName(pattern.toLowerCase(), name))) return 'by option redact';
      return isSensitiveName(name) && !allow.some((pattern) => matchesName(pattern.toLowerCase(), name)) ? 'by its name' : undefined;
    },
  };
}
