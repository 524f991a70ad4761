/** Secrets in bytes that are text: a password that was read into a Buffer is one in a Buffer, too. */
import { byteHints, redactText } from '@captureflow/trace';
import { charCodeAt } from './primordials.ts';
import { looksIntoBytes } from './sensitive.ts';

/** So much is looked at: a secret that begins in the bytes that are shown may end behind them. */
export const LOOKED_AT = 128;
/** Shorter texts hold none that a rule could tell. */
const SHORTEST = 8;

const LATIN1: readonly string[] = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code));

/** `unitsBeforeSecret` of bytes, most of which show at once that they hold none. */
export function bytesBeforeSecret(bytes: Uint8Array, length: number): number {
  // In text of two or four bytes a sign zeros stand between, and hints do not tell.
  return length > 1 && bytes[1] !== 0 && byteHints(bytes, 0, length) === 0 ? length : unitsBeforeSecret(bytes, length);
}

/**
 * How many of the first `length` units of `units` may be shown: those before a secret in them, all when there is none. Zeros are left out: text of two or
 * four bytes a sign has them.
 */
export function unitsBeforeSecret(units: ArrayLike<number | bigint>, length: number): number {
  if (length < SHORTEST || !looksIntoBytes() || !holdsText(units, length)) return length;
  let text = '';
  for (let i = 0; i < length; i++) {
    const unit = units[i] as number;
    if (unit !== 0) text += unit > 0 && unit < 256 ? LATIN1[unit] : ' ';
  }
  const clean = redactText(text);
  if (clean === text) return length;
  let same = 0;
  while (charCodeAt(clean, same) === charCodeAt(text, same)) same++;
  let shown = 0;
  for (let left = same; left > 0; shown++) if (units[shown] !== 0) left--;
  return shown;
}

/** Most bytes are none of text. */
function holdsText(units: ArrayLike<number | bigint>, length: number): boolean {
  let run = 0;
  for (let i = 0; i < length; i++) {
    const unit = units[i] as number;
    if (unit >= 32 && unit < 127) {
      if (++run === SHORTEST) return true;
    } else if (unit !== 0) {
      run = 0;
    }
  }
  return false;
}
