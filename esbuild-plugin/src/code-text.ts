/**
 * Code of a plan as text. A binding is its name here: text is inserted before any compiler renames declarations with their uses (H83).
 */
import type { Code } from '@captureflow/core';

/** Text around a user's expression; all of it in `open` where the code holds none. */
export interface Wrap {
  readonly open: string;
  readonly close: string;
}

/** Code without an expression hole. */
export function toText(code: Code): string {
  let text = '';
  for (const piece of code) text += typeof piece === 'string' ? piece : 'name' in piece ? piece.name : '';
  return text;
}

export function splitAtHole(code: Code): Wrap {
  const hole = code.findIndex((piece) => typeof piece !== 'string' && 'hole' in piece);
  return hole < 0 ? { open: toText(code), close: '' } : { open: toText(code.slice(0, hole)), close: toText(code.slice(hole + 1)) };
}
