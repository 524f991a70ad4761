/**
 * Names and paths that people list, to be hidden or to be shown: `customerNote`, `*_note`, `user.address.*`. Shared by the build (names of variables) and
 * the runtime (keys, and paths of keys). Knows nothing of what is sensitive by itself.
 */
import { charCodeAt, slice, toLowerCase } from './secret-primordials.ts';

/** Names of a path, from the outside in, in lower case; one of a single name. A `*` in a name stands for any characters. */
export type NamePattern = readonly string[];

const DOT = 46;
const STAR = 42;

/** Undefined: an empty name, as in `user..name`. */
export function parseNamePattern(text: string): NamePattern | undefined {
  const names: string[] = [];
  let start = 0;
  for (let i = 0; i <= text.length; i++) {
    if (i < text.length && charCodeAt(text, i) !== DOT) continue;
    if (i === start) return undefined;
    names[names.length] = toLowerCase(slice(text, start, i));
    start = i + 1;
  }
  return names;
}

/** Letters count alike in both cases. */
export function matchesName(pattern: string, name: string): boolean {
  return matchesLower(pattern, toLowerCase(name));
}

/** Whether the last of the `count` names of `path` are those of the pattern. */
export function matchesPath(pattern: NamePattern, path: readonly string[], count: number): boolean {
  if (pattern.length > count) return false;
  for (let i = 1; i <= pattern.length; i++) {
    if (!matchesName(pattern[pattern.length - i] as string, path[count - i] as string)) return false;
  }
  return true;
}

/** Goes back to the last `*` only, so it takes the product of the two lengths at most. */
function matchesLower(pattern: string, name: string): boolean {
  let p = 0;
  let n = 0;
  let star = -1;
  let from = 0;
  while (n < name.length) {
    const code = p < pattern.length ? charCodeAt(pattern, p) : -1;
    if (code === STAR) {
      star = p++;
      from = n;
    } else if (code === charCodeAt(name, n)) {
      p++;
      n++;
    } else if (star >= 0) {
      p = star + 1;
      n = ++from;
    } else {
      return false;
    }
  }
  while (p < pattern.length && charCodeAt(pattern, p) === STAR) p++;
  return p === pattern.length;
}
