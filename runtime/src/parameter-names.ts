/**
 * Names of a function's parameters from its source text, for wrappers of code that no plugin touched. A rough scanner:
 * what it is not sure of gets a number instead of a name. Must not run anything of the function.
 */

export interface ParameterNames {
  readonly names: readonly string[];
  /** Index of a rest parameter, or -1. */
  readonly rest: number;
}

/** Longer parameter lists are not read. */
const MAX_TEXT = 4000;

const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*$/u;

// Kept from load time: a patched Function.prototype.toString does not run.
const toSource = Function.prototype.toString;

/** `arg1`, `arg2` … where the text gives no plain name (destructuring, native and bound functions). */
export function parameterNames(fn: object): ParameterNames {
  let text: string;
  try {
    text = withoutComments(Reflect.apply(toSource, fn, []).slice(0, MAX_TEXT));
  } catch {
    return { names: [], rest: -1 };
  }
  let rest = -1;
  const names = parameterTexts(text).map((parameter, index) => {
    if (parameter.startsWith('...')) rest = index;
    const name = parameter
      .replace(/^\.\.\./, '')
      .replace(/=[\s\S]*$/, '')
      .trim();
    return IDENTIFIER.test(name) ? name : `arg${index + 1}`;
  });
  return { names, rest };
}

function parameterTexts(text: string): string[] {
  const single = /^(?:async\s+)?([\p{ID_Start}$_][\p{ID_Continue}$]*)\s*=>/u.exec(text)?.[1];
  if (single !== undefined) return [single];
  const list = text.startsWith('class') ? /\bconstructor\s*\(/.exec(text) : /\(/.exec(text);
  // A computed method name comes before the list and may hold parentheses of its own.
  if (list === null || /^(?:async\s*)?\*?\s*(?:get\s+|set\s+)?\[/.test(text)) return [];
  return split(text, list.index + list[0].length);
}

function split(text: string, from: number): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = from;
  for (let at = from; at < text.length; at++) {
    const char = text[at];
    if (char === '"' || char === "'" || char === '`') {
      at = endOfString(text, at);
    } else if (char === '(' || char === '[' || char === '{') {
      depth++;
    } else if (depth > 0 && (char === ')' || char === ']' || char === '}')) {
      depth--;
    } else if (depth === 0 && (char === ',' || char === ')')) {
      const part = text.slice(start, at).trim();
      if (part !== '') parts.push(part);
      start = at + 1;
      if (char === ')') return parts;
    }
  }
  return [];
}

function endOfString(text: string, open: number): number {
  let at = open + 1;
  while (at < text.length && text[at] !== text[open]) at += text[at] === '\\' ? 2 : 1;
  return at;
}

function withoutComments(text: string): string {
  return text
    .replace(
      /("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`)|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g,
      (_match, quoted: string | undefined) => quoted ?? ' ',
    )
    .trim();
}
