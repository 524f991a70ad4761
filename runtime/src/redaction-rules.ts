/** What a program itself says of what is to be hidden: the option `redact` of `start`, its types and its check. */
import { parseNamePattern } from '@captureflow/trace/name-patterns';
import { OptionsError } from './option-errors.ts';

/**
 * Lists hold names (`customerNote`, `*_note`) and paths of names (`user.address.*`: what lies in an `address` of a `user`, which may be a key, a parameter or
 * a variable). Letters count alike in both cases; `*` stands for any characters of one name; elements of lists have the path of their list.
 */
export interface RedactionRules {
  /** Keys that are hidden beside those with sensitive names. */
  readonly deny?: readonly string[];
  /** Keys that are shown although their names are sensitive; `deny` wins. Secrets that show in texts stay hidden. */
  readonly allow?: readonly string[];
  /** True hides the value of a key of this name. A throw hides it, too, and is counted. */
  readonly name?: (name: string) => boolean;
  /**
   * Gives what is stored of a text: of each one in a trace that is kept (values, keys, messages, names of roots), cut as it was captured and without the
   * secrets that the built-in rules know. Anything but a string, or a throw, stores `[redacted]` and is counted.
   */
  readonly text?: (text: string) => string;
}

/** The option as the recorder uses it. */
export function toRedactionRules(option: RedactionRules | ((name: string) => boolean) | undefined): RedactionRules {
  return typeof option === 'function' ? { name: option } : (option ?? {});
}

const KEYS: readonly string[] = ['deny', 'allow', 'name', 'text'];

/** @throws {OptionsError} naming the key's path. */
export function checkRedaction(value: unknown, path: string): void {
  if (typeof value === 'function') return;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new OptionsError('OPTION_TYPE', path, 'must be a function or lists such as { deny: ["customerNote"] }');
  }
  for (const [key, entry] of Object.entries(value)) {
    const at = `${path}.${key}`;
    if (!KEYS.includes(key)) throw new OptionsError('OPTION_UNKNOWN', at, `is unknown; valid are ${KEYS.join(', ')}`);
    if (entry === undefined) continue;
    if (key === 'deny' || key === 'allow') checkPatterns(entry, at);
    else if (typeof entry !== 'function') throw new OptionsError('OPTION_TYPE', at, 'must be a function');
  }
}

function checkPatterns(value: unknown, path: string): void {
  if (!Array.isArray(value)) throw new OptionsError('OPTION_TYPE', path, 'must be an array of names and paths');
  value.forEach((pattern: unknown, index) => {
    if (typeof pattern !== 'string') throw new OptionsError('OPTION_TYPE', `${path}[${index}]`, 'must be a string');
    if (parseNamePattern(pattern) === undefined) {
      throw new OptionsError('OPTION_TYPE', `${path}[${index}]`, 'must be a name or names with a dot between: "user.address.*"');
    }
  });
}
