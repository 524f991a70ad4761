/**
 * Makes recorded text fit to be shown on one line. What was recorded is foreign: control characters could drive the terminal, and
 * direction marks could make a line read as something else.
 */

/** C0 and C1 controls, DEL, line and paragraph separators, direction marks, zero-width space and byte order mark, lone surrogates. */
const UNSAFE: RegExp =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to find
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]|\p{Surrogate}/gu;
const ESCAPES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** `text` with unsafe characters as escapes; at most `width` characters, the cut marked by `…`. */
export function printable(text: string, width: number = Number.POSITIVE_INFINITY): string {
  // Escapes only lengthen: what is beyond the width before them is beyond it after.
  const head = text.length > width * 2 ? text.slice(0, width * 2) : text;
  const safe = head.replace(UNSAFE, (unit) => ESCAPES[unit] ?? `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return clip(safe, width);
}

/** `text` in double quotes, with quotes, backslashes and unsafe characters as escapes. */
export function quoted(text: string): string {
  return `"${printable(text.replace(/["\\]/g, '\\$&'))}"`;
}

/** The first `width` characters of `text`, the last of them `…` when something is cut; never half a surrogate pair. */
export function clip(text: string, width: number): string {
  if (text.length <= width) return text;
  if (width <= 1) return '…';
  let end = width - 1;
  const last = text.charCodeAt(end - 1);
  if (last >= 0xd800 && last <= 0xdbff) end--;
  return `${text.slice(0, end)}…`;
}
