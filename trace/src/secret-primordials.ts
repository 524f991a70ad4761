/** String and RegExp methods as they were at load: redaction runs on the program's main thread, and none of its patches may run or change an answer (H173). */

const { call } = Function.prototype;

export const charCodeAt = /* @__PURE__ */ call.bind(String.prototype.charCodeAt) as unknown as (text: string, index: number) => number;
export const slice = /* @__PURE__ */ call.bind(String.prototype.slice) as unknown as (text: string, from: number, to?: number) => string;
export const toLowerCase = /* @__PURE__ */ call.bind(String.prototype.toLowerCase) as unknown as (text: string) => string;
export const includes = /* @__PURE__ */ call.bind(String.prototype.includes) as unknown as (text: string, part: string) => boolean;
const exec = /* @__PURE__ */ call.bind(RegExp.prototype.exec) as unknown as (pattern: RegExp, text: string) => RegExpExecArray | null;

export function matches(pattern: RegExp, text: string): boolean {
  pattern.lastIndex = 0;
  return exec(pattern, text) !== null;
}

/** What the first group of `pattern` matched; undefined when the pattern does not match. */
export function firstGroup(pattern: RegExp, text: string): string | undefined {
  pattern.lastIndex = 0;
  return exec(pattern, text)?.[1];
}

/** `text` with what `replace` gives for each match of `pattern` (global); undefined leaves it. Returns `text` itself when nothing changed. */
export function replaceMatches(pattern: RegExp, text: string, replace: (match: RegExpExecArray) => string | undefined): string {
  pattern.lastIndex = 0;
  let result = '';
  let done = 0;
  for (let match = exec(pattern, text); match !== null; match = exec(pattern, text)) {
    const found = match[0] as string;
    const replacement = replace(match);
    if (replacement !== undefined) {
      result += slice(text, done, match.index) + replacement;
      done = match.index + found.length;
    }
    if (found === '') pattern.lastIndex++;
  }
  return done === 0 ? text : result + slice(text, done);
}
