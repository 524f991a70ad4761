/**
 * What kinds of secrets a text may hold at all: one pass over its units, so that the patterns are asked of few texts. Knows where to look, not
 * what a secret is.
 */
import { charCodeAt } from './secret-primordials.ts';

export const Hint = {
  /** `=`, `:` or a percent escape: a name may stand before it. */
  NAMED: 1,
  /** A run of 16 or more of the characters that keys are made of, with a digit in it or in capitals. */
  KEY: 2,
  /** 13 or more digits. */
  CARD: 4,
  /** A word like `Bearer` or `Basic` with something behind it. */
  SCHEME: 8,
  /** `://`. */
  URL: 16,
  /** `;`: attributes of a cookie may stand behind it. */
  LIST: 32,
} as const;

const KEY_RUN = 16;
const CARD_DIGITS = 13;

const OTHER = 0;
const UPPER = 1;
const DIGIT = 2;
const JOINS = 3;
const NAMES = 4;
const SPACE = 5;
const ENDS = 6;
const LOWER = 7;

const CLASSES: Uint8Array = /* @__PURE__ */ (() => {
  const classes = new Uint8Array(128);
  for (let code = 0; code < 26; code++) {
    classes[65 + code] = UPPER;
    classes[97 + code] = LOWER;
  }
  for (let code = 48; code < 58; code++) classes[code] = DIGIT;
  // + - . / _
  for (const code of [43, 45, 46, 47, 95]) classes[code] = JOINS;
  // = : %
  for (const code of [61, 58, 37]) classes[code] = NAMES;
  classes[32] = SPACE;
  classes[59] = ENDS;
  return classes;
})();

/** Bits of `Hint`; 0: there is no secret in it. */
export function secretHints(text: string): number {
  let hints = 0;
  let run = 0;
  let runDigits = 0;
  let runLower = 0;
  let digits = 0;
  const { length } = text;
  for (let i = 0; i <= length; i++) {
    const code = i < length ? charCodeAt(text, i) : 128;
    const kind = code < 128 ? (CLASSES[code] as number) : OTHER;
    if (kind === LOWER) {
      run++;
      runLower++;
    } else if (kind === UPPER || kind === JOINS) {
      run++;
    } else if (kind === DIGIT) {
      run++;
      runDigits++;
    } else {
      if (run >= KEY_RUN && (runDigits > 0 || runLower === 0)) hints |= Hint.KEY;
      digits += runDigits;
      run = runDigits = runLower = 0;
      if (kind === NAMES) {
        hints |= Hint.NAMED;
        if (code === 58 && charCodeAt(text, i + 1) === 47 && charCodeAt(text, i + 2) === 47) hints |= Hint.URL;
      } else if (kind === SPACE) {
        // After `r`, `c` or `n`: Bearer, Basic, Token.
        if (i >= 5 && endsScheme(charCodeAt(text, i - 1) | 32)) hints |= Hint.SCHEME;
      } else if (kind === ENDS) {
        hints |= Hint.LIST;
      }
    }
  }
  if (digits >= CARD_DIGITS) hints |= Hint.CARD;
  return hints;
}

function endsScheme(code: number): boolean {
  return code === 114 || code === 99 || code === 110;
}
