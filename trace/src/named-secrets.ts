/**
 * Secrets that show by the name before them: `password=…`, `"apiKey":"…"`, `Authorization: …`, `?token=…`, and passwords in URLs. Which names
 * are sensitive is decided in `redaction.ts`.
 */
import { isSensitiveName } from './redaction.ts';
import { charCodeAt, matches, replaceMatches, slice } from './secret-primordials.ts';

export const REDACTED_TEXT = '[redacted]';

/** Groups: what stays, the password. Without an `@` behind it, it was cut off: a port has digits only. */
const URL_PASSWORD: RegExp =
  /([a-z][a-z0-9+.-]{1,20}:\/\/[^\s/?#:@"'<>[\]]*:)(?:(?!\d*[?#])[^\s/"'<>]+(?=@)|(?=\d*[^\s/?#"'<>\d])[^\s/?#"'<>]+$)/gi;
/** A `Set-Cookie` value, known by the attributes behind it. Group: the name. */
const SET_COOKIE: RegExp =
  /(?<![^\s,:"'])([\w!#$%&'*+.^|~-]{1,64}=)[^;\s]+(?=;\s*(?:path|expires|max-age|domain|secure|httponly|samesite|partitioned|priority)\b)/gi;

const LONGEST_NAME = 64;
/** Of a header: looking at the end of the line for each of many names would take quadratic time. */
const LONGEST_LINE = 8192;

export function redactUrls(text: string): string {
  return replaceMatches(URL_PASSWORD, text, keepFirst);
}

export function redactSetCookie(text: string): string {
  return replaceMatches(SET_COOKIE, text, keepFirst);
}

function keepFirst(match: RegExpExecArray): string {
  return `${match[1]}${REDACTED_TEXT}`;
}

/** `text` without the values of sensitive names. */
export function redactNamed(text: string): string {
  let result = '';
  let done = 0;
  for (let i = 0; i < text.length; i++) {
    const code = charCodeAt(text, i);
    if (code !== EQUALS && code !== COLON && code !== PERCENT) continue;
    const width = separatorAt(text, i);
    if (width === 0) continue;
    const value = valueAfter(text, i, width);
    if (value === undefined) continue;
    result += slice(text, done, value.from) + REDACTED_TEXT;
    done = value.to;
    i = value.to - 1;
  }
  return done === 0 ? text : result + slice(text, done);
}

const EQUALS = 61;
const COLON = 58;
const PERCENT = 37;
const QUOTE = 34;
const APOSTROPHE = 39;
const BACKSLASH = 92;

/** Width of what stands between a name and its value at `i`; 0: nothing. */
function separatorAt(text: string, i: number): number {
  const code = charCodeAt(text, i);
  if (code === EQUALS || code === COLON) {
    const next = charCodeAt(text, i + 1);
    // `==`, `=>`, `::`, `://` are other things.
    return next === EQUALS || next === COLON || next === 62 || next === 47 ? 0 : 1;
  }
  if (code !== PERCENT || charCodeAt(text, i + 1) !== 51) return 0;
  const digit = charCodeAt(text, i + 2) | 32;
  // %3D and %3A: a query inside a query.
  return digit === 100 || digit === 97 ? 3 : 0;
}

/** Where the value of a sensitive name stands whose separator is at `i`; undefined: there is none. */
function valueAfter(text: string, i: number, width: number): { readonly from: number; readonly to: number } | undefined {
  let from = i + width;
  while (from < text.length && isBlank(charCodeAt(text, from))) from++;
  const spaced = from > i + width || charCodeAt(text, i) === COLON;
  // A list of values, as in headers.
  if (charCodeAt(text, from) === 91 && isQuote(charCodeAt(text, from + 1))) from++;
  let quote = 0;
  if (isQuote(charCodeAt(text, from)) || (charCodeAt(text, from) === BACKSLASH && isQuote(charCodeAt(text, from + 1)))) {
    if (charCodeAt(text, from) === BACKSLASH) from++;
    quote = charCodeAt(text, from++);
  }
  if (from >= text.length) return undefined;
  const name = nameBefore(text, i);
  if (name === '') return undefined;
  if (!isSensitiveName(name)) {
    if (charCodeAt(text, i) === COLON || !matches(OFTEN_SECRET, name)) return undefined;
    const to = endOfWord(text, from);
    return looksRandom(slice(text, from, to)) ? { from, to } : undefined;
  }
  if (quote !== 0) {
    const to = endOfQuoted(text, from, quote);
    return to > from && !isPlaceholder(slice(text, from, to)) ? { from, to } : undefined;
  }
  if (matches(HEADERS, name) && charCodeAt(text, i) === COLON) {
    const to = endOfLine(text, from);
    const line = slice(text, from, to);
    return matches(HEADER_VALUE, line) || looksRandom(line) ? { from, to } : undefined;
  }
  const to = endOfWord(text, from);
  const word = slice(text, from, to);
  if (word === '' || isPlaceholder(word)) return undefined;
  // `password: must be …` is prose; `password=must` is not.
  return !spaced || endsLine(text, to) || isMixed(word) ? { from, to } : undefined;
}

/** Names that are ordinary but often have a secret in URLs and cookies; the value decides. */
const OFTEN_SECRET: RegExp =
  /^(?:.*[-_.])?(?:sig|signature|session|sess|auth|key|code|assertion|samlresponse|samlrequest|ticket|remember|remember_me|credential)$/i;
const HEADERS: RegExp = /^(?:proxy-)?authorization$|^(?:set-)?cookie2?$/i;
const HEADER_VALUE: RegExp = /^(?:bearer|basic|digest|token|negotiate|apikey|hawk|aws4-hmac-sha256)\s+\S{6,}|^[^\s=;]+=[^\s;]+/i;
const PLACEHOLDERS: RegExp =
  /^(?:[*x•.…]+|\[.*|<.*|\$?\{.*|null|undefined|nil|none|true|false|nan|string|number|boolean|object|symbol|any|unknown|required|optional|missing|invalid|incorrect|wrong|empty|expired|hidden|masked|redacted|filtered|n\/a)$/i;

function isPlaceholder(value: string): boolean {
  return matches(PLACEHOLDERS, value);
}

/** Letters and something else, as people make passwords. */
function isMixed(word: string): boolean {
  return word.length >= 5 && matches(/[a-z]/i, word) && matches(/[^a-z,.:;!?'"()-]/i, word);
}

/** 16 or more characters that change between kinds as no words do. */
function looksRandom(word: string): boolean {
  if (word.length < 16) return false;
  let changes = 0;
  for (let i = 1; i < word.length; i++) if (kindOf(charCodeAt(word, i)) !== kindOf(charCodeAt(word, i - 1))) changes++;
  return changes * 4 >= word.length && matches(/\d/, word) && matches(/[a-z]/i, word);
}

function kindOf(code: number): number {
  return code >= 48 && code <= 57 ? 1 : code >= 97 && code <= 122 ? 2 : code >= 65 && code <= 90 ? 3 : 0;
}

function nameBefore(text: string, at: number): string {
  let end = at;
  while (end > 0 && at - end < 4 && isDecoration(charCodeAt(text, end - 1))) end--;
  let start = end;
  while (start > 0 && end - start < LONGEST_NAME && isNamePart(charCodeAt(text, start - 1))) start--;
  // A percent escape before a query within a query is no part of the name: %26token%3D.
  if (start > 0 && charCodeAt(text, start - 1) === PERCENT && end - start > 2) start += 2;
  return slice(text, start, end);
}

function endOfQuoted(text: string, from: number, quote: number): number {
  for (let i = from; i < text.length; i++) {
    const code = charCodeAt(text, i);
    if (code !== quote) continue;
    // A quote behind one backslash ends a value whose own quotes were escaped; in a value it is rare.
    return charCodeAt(text, i - 1) === BACKSLASH ? i - 1 : i;
  }
  return text.length;
}

function endOfLine(text: string, from: number): number {
  let i = from;
  while (i - from < LONGEST_LINE && !endsLine(text, i)) i++;
  return i;
}

function endsLine(text: string, i: number): boolean {
  return i >= text.length || charCodeAt(text, i) === 10 || charCodeAt(text, i) === 13;
}

function endOfWord(text: string, from: number): number {
  let i = from;
  while (i < text.length && !endsWord(text, i)) i++;
  return i;
}

function endsWord(text: string, i: number): boolean {
  const code = charCodeAt(text, i);
  if (isBlank(code) || code === 10 || code === 13 || isQuote(code)) return true;
  // & ; , ) ] }
  if (code === 38 || code === 59 || code === 44 || code === 41 || code === 93 || code === 125) return true;
  // %26: the next one of a query within a query.
  return code === PERCENT && charCodeAt(text, i + 1) === 50 && charCodeAt(text, i + 2) === 54;
}

function isBlank(code: number): boolean {
  return code === 32 || code === 9;
}

function isQuote(code: number): boolean {
  return code === QUOTE || code === APOSTROPHE || code === 96;
}

/** What may stand between a name and its separator. */
function isDecoration(code: number): boolean {
  return isBlank(code) || isQuote(code) || code === BACKSLASH || code === 93;
}

function isNamePart(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    (code >= 48 && code <= 57) ||
    code === 95 ||
    code === 45 ||
    code === 46 ||
    code === 36
  );
}
