/**
 * What kinds of secrets a text may hold at all: one pass over it, so that the patterns are asked of few texts. Knows where to look, not what a
 * secret is.
 */
import { charCodeAt } from './secret-primordials.ts';

export const Hint = {
  /** `=`, `:`, `>` or a percent escape: a name may stand before it. */
  NAMED: 1,
  /** A run of 16 or more of the characters that keys are made of. */
  KEY: 2,
  /** 12 or more digits. */
  CARD: 4,
  /** A space and a run of 8 or more: a word like `Bearer` or `password` may stand before it. */
  SCHEME: 8,
  /** `:`. */
  URL: 16,
  /** `;`: attributes of a cookie may stand behind it. */
  LIST: 32,
} as const;

const KEY_RUN = 16;
/** Of a card 14 and more, of an account number with letters in it 12. */
const CARD_DIGITS = 12;
/** The shortest value of an authentication scheme. */
const SCHEME_RUN = 8;

// What a unit is, as bits.
const IN_KEY = 1;
const DIGIT = 2;
const NAMES = 8;
const SPACE = 16;
const ENDS = 32;
const COLON = 64;

const CLASSES: Uint8Array = /* @__PURE__ */ (() => {
  const classes = new Uint8Array(256);
  for (let code = 0; code < 26; code++) {
    classes[65 + code] = IN_KEY;
    classes[97 + code] = IN_KEY;
  }
  for (let code = 48; code < 58; code++) classes[code] = IN_KEY | DIGIT;
  // + - . / _
  for (const code of [43, 45, 46, 47, 95]) classes[code] = IN_KEY;
  // = % >
  classes[61] = classes[37] = classes[62] = NAMES;
  classes[58] = NAMES | COLON;
  classes[32] = SPACE;
  classes[59] = ENDS;
  return classes;
})();

/** Bits of `Hint` for a text; 0: there is no secret in it. */
export function textHints(text: string): number {
  let seen = 0;
  let run = 0;
  let longest = 0;
  let digits = 0;
  for (let i = 0; i < text.length; i++) {
    const code = charCodeAt(text, i);
    const kind = code < 128 ? (CLASSES[code] as number) : 0;
    seen |= kind;
    digits += (kind >> 1) & 1;
    if ((kind & IN_KEY) !== 0) {
      run++;
    } else {
      if (run > longest) longest = run;
      run = 0;
    }
  }
  return decide(seen, run > longest ? run : longest, digits);
}

/** The same of UTF-8. It runs for each text that is stored: bytes that were just written are read several times as fast as a string that was put together. */
export function byteHints(bytes: Uint8Array, from: number, to: number): number {
  let seen = 0;
  let run = 0;
  let longest = 0;
  let digits = 0;
  for (let i = from; i < to; i++) {
    const kind = CLASSES[bytes[i] as number] as number;
    seen |= kind;
    digits += (kind >> 1) & 1;
    if ((kind & IN_KEY) !== 0) {
      run++;
    } else {
      if (run > longest) longest = run;
      run = 0;
    }
  }
  return decide(seen, run > longest ? run : longest, digits);
}

function decide(seen: number, longest: number, digits: number): number {
  let hints = 0;
  if ((seen & NAMES) !== 0) hints |= Hint.NAMED;
  if (longest >= KEY_RUN) hints |= Hint.KEY;
  if (digits >= CARD_DIGITS) hints |= Hint.CARD;
  if ((seen & SPACE) !== 0 && longest >= SCHEME_RUN) hints |= Hint.SCHEME;
  if ((seen & COLON) !== 0) hints |= Hint.URL;
  if ((seen & ENDS) !== 0) hints |= Hint.LIST;
  return hints;
}
