/**
 * What the functions of a file are called and what comments say of them. In a text that a compiler made, the user's own text says it:
 * compilers drop comments, name what had no name and wrap what stood alone.
 */
import type { FileFacts } from './facts.ts';
import { nameFunctions } from './function-names.ts';
import type { Written } from './origin.ts';
import { type Pragmas, readPragmas } from './pragmas.ts';

export interface FunctionDescriptions {
  /** By function index, as `nameFunctions` has them. */
  readonly names: readonly string[];
  readonly pragmas: Pragmas;
}

/** `source`, `facts`: of the text that is instrumented. */
export function describeFunctions(source: string, facts: FileFacts, written: Written | undefined): FunctionDescriptions {
  const own = { names: nameFunctions(facts), pragmas: readPragmas(source, facts) };
  if (written === undefined) return own;
  const users = { names: nameFunctions(written.facts), pragmas: readPragmas(written.source, written.facts) };
  const indexes = facts.functions.map(written.indexOf);
  const carry = <T>(list: readonly T[], otherwise: readonly T[]): readonly T[] =>
    indexes.map((index, k) => (index === undefined ? otherwise[k] : list[index]) as T);
  return {
    names: carry(users.names, own.names),
    pragmas: {
      file: users.pragmas.file,
      functions: carry(users.pragmas.functions, own.pragmas.functions),
      sensitive: carry(users.pragmas.sensitive, own.pragmas.sensitive),
      isSensitiveAt(start) {
        const offset = written.offsetOf(start);
        return own.pragmas.isSensitiveAt(start) || (offset !== undefined && users.pragmas.isSensitiveAt(offset));
      },
    },
  };
}
