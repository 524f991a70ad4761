/**
 * Secrets that show by the name before them: `password=…`, `"apiKey":"…"`, `Authorization: …`, `?token=…`, and passwords in URLs. Which names
 * are sensitive is decided in `redaction.ts`.
 */
import { isSensitiveName } from './redaction.ts';
import { charCodeAt, firstGroup, matches, replaceMatches, slice } from './secret-primordials.ts';

export const REDACTED_TEXT = '[redacted]';

/** Groups: what stays, the password. Without an `@` behind it, it was cut off: a port has digits only. */
const URL_PASSWORD: RegExp =
  /([a-z][a-z0-9+.-]{1,20}:\/\/[^\s/?#:@"'<>[\]]*:)(?:(?!\d*[?#])[^\s/"'<>]+(?=@)|(?=\d*[^\s/?#"'<>\d])[^\s/?"'<>]+$)/gi;
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
  let hasTags: boolean | undefined;
  for (let i = 0; i < text.length; i++) {
    const code = charCodeAt(text, i);
    if (code !== EQUALS && code !== COLON && code !== PERCENT && code !== GREATER) continue;
    if (code === GREATER && !(hasTags ??= matches(TELLING_TAG, text))) continue;
    const width = separatorAt(text, i);
    if (width === 0) continue;
    const value = code === GREATER ? contentAfter(text, i) : valueAfter(text, i, width);
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
const LESS = 60;
const GREATER = 62;
const SLASH = 47;
const BRACKET = 91;
const BRACE = 123;
const COMMA = 44;
const QUOTE = 34;
const APOSTROPHE = 39;
const BACKSLASH = 92;

/** Width of what stands between a name and its value at `i`; 0: nothing. */
function separatorAt(text: string, i: number): number {
  const code = charCodeAt(text, i);
  if (code === EQUALS || code === COLON) {
    const next = charCodeAt(text, i + 1);
    // `==`, `::`, `://` are other things, and so is `=>`, but before a text in quotes.
    if (next === GREATER) return isQuote(charCodeAt(text, i + 2)) || isQuote(charCodeAt(text, i + 3)) ? 2 : 0;
    return next === EQUALS || next === COLON || next === SLASH ? 0 : 1;
  }
  if (code === GREATER) return 1;
  if (code !== PERCENT || charCodeAt(text, i + 1) !== 51) return 0;
  const digit = charCodeAt(text, i + 2) | 32;
  // %3D and %3A: a query inside a query.
  return digit === 100 || digit === 97 ? 3 : 0;
}

interface Range {
  readonly from: number;
  readonly to: number;
}

/** Where the value of a sensitive name stands whose separator is at `i`; undefined: there is none. */
function valueAfter(text: string, i: number, width: number): Range | undefined {
  let from = i + width;
  while (from < text.length && isBlank(charCodeAt(text, from))) from++;
  const spaced = from > i + width || charCodeAt(text, i) === COLON;
  // A list of values, as in headers.
  const isList = charCodeAt(text, from) === BRACKET && isQuote(charCodeAt(text, skipEscapes(text, from + 1)));
  if (isList) from++;
  // JSON in JSON: each level doubles the backslashes before a quote, and one.
  const escapes = skipEscapes(text, from) - from;
  let quote = 0;
  if (isQuote(charCodeAt(text, from + escapes))) {
    quote = charCodeAt(text, from + escapes);
    from += escapes + 1;
  } else if (width === 3 && isEscapedQuote(text, from)) {
    from += 3;
  }
  if (from >= text.length) return undefined;
  const name = nameBefore(text, i);
  if (name === '') return undefined;
  if (!isSensitiveName(name)) {
    if (quote !== 0 && name === 'name') return partAfter(text, from, quote);
    if (quote !== 0 && (name === 'value' || name === 'Value') && isValueOfSensitive(text, i)) return quoted(text, from, quote, escapes);
    if (charCodeAt(text, i) === COLON || !matches(OFTEN_SECRET, name)) return undefined;
    const to = endOfWord(text, from);
    return looksRandom(slice(text, from, to)) ? { from, to } : undefined;
  }
  if (quote !== 0) return quoted(text, from, quote, escapes, isList);
  if (charCodeAt(text, from) === BRACE && charCodeAt(text, i) === COLON) return { from, to: endOfBraces(text, from) };
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

/** The value in quotes, or all of a list of such. */
function quoted(text: string, from: number, quote: number, escapes: number, isList: boolean = false): Range | undefined {
  let to = endOfQuoted(text, from, quote, escapes);
  if (to <= from || isPlaceholder(slice(text, from, to))) return undefined;
  while (isList) {
    let next = to + escapes + 1;
    while (next < text.length && (isBlank(charCodeAt(text, next)) || charCodeAt(text, next) === COMMA || endsLine(text, next))) next++;
    next += escapes;
    if (next >= text.length || charCodeAt(text, next) !== quote) break;
    to = endOfQuoted(text, next + 1, quote, escapes);
  }
  return { from, to };
}

/** `<password>x</password>`, with a prefix or attributes too: what stands between the tags, `i` being the end of the first. */
function contentAfter(text: string, i: number): Range | undefined {
  let start = i - 1;
  while (start >= 0 && i - start < LONGEST_TAG && charCodeAt(text, start) !== LESS && charCodeAt(text, start) !== GREATER) start--;
  if (start < 0 || charCodeAt(text, start) !== LESS || charCodeAt(text, i - 1) === SLASH) return undefined;
  let from = start + 1;
  let end = from;
  for (; end < i && (isNamePart(charCodeAt(text, end)) || charCodeAt(text, end) === COLON); end++) {
    if (charCodeAt(text, end) === COLON) from = end + 1;
  }
  if (from === end || !isSensitiveName(slice(text, from, end))) return undefined;
  let to = i + 1;
  while (to < text.length && to - i < LONGEST_LINE && charCodeAt(text, to) !== LESS) to++;
  // `<token> [options]` is what a command says of itself.
  const isClosed = to === text.length ? !isBlank(charCodeAt(text, i + 1)) : charCodeAt(text, to + 1) === SLASH;
  return isClosed && to > i + 1 && !isPlaceholder(slice(text, i + 1, to)) ? { from: i + 1, to } : undefined;
}

/** Asked once of a text with a `>`, since looking at each tag of a page took a third of its time. */
const TELLING_TAG: RegExp = /<[^\s<>]*(?:pass|pwd|token|secret|key|cred|auth|cookie|session|card|pin|cvv|cvc|otp|ssn|iban)/i;
const LONGEST_TAG = 200;

/** A field of a form: `name="password"`, an empty line, its value. `from`: of the name in quotes. */
function partAfter(text: string, from: number, quote: number): Range | undefined {
  let at = from;
  while (at < text.length && at - from < LONGEST_NAME && charCodeAt(text, at) !== quote) at++;
  if (!endsLine(text, at + 1) || !isSensitiveName(slice(text, from, at))) return undefined;
  const start = at + 1;
  for (at = start; at < text.length && endsLine(text, at) && at - start < 4; ) at++;
  return at - start >= 2 && at < text.length ? { from: at, to: endOfLine(text, at) } : undefined;
}

/** `{"name":"password","value":"x"}`: whether the name is a sensitive one. `i`: behind `value`. */
function isValueOfSensitive(text: string, i: number): boolean {
  const before = slice(text, i < LONGEST_TAG ? 0 : i - LONGEST_TAG, i);
  const name = firstGroup(NAME_BEFORE_VALUE, before);
  return name !== undefined && isSensitiveName(name);
}

const NAME_BEFORE_VALUE: RegExp = /(?:name|key|field|header)[\\"']*\s*:\s*[\\"']+([\w.$-]{1,64})[\\"']+\s*,[\s\\"']*value[\\"']*\s*$/i;

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
  while (end > 0 && at - end < MOST_DECORATION && isDecoration(charCodeAt(text, end - 1))) end--;
  if (isEscapedQuote(text, end - 3)) end -= 3;
  let start = end;
  while (start > 0 && end - start < LONGEST_NAME && isNamePart(charCodeAt(text, start - 1))) start--;
  // A percent escape before a query within a query is no part of the name: %26token%3D.
  if (start > 0 && charCodeAt(text, start - 1) === PERCENT && end - start > 2) start += 2;
  return slice(text, start, end);
}

/** Five levels of JSON in JSON have 31 backslashes. */
const MOST_DECORATION = 40;

function skipEscapes(text: string, from: number): number {
  let at = from;
  while (at - from < MOST_DECORATION && charCodeAt(text, at) === BACKSLASH) at++;
  return at;
}

/** %22 */
function isEscapedQuote(text: string, at: number): boolean {
  return at >= 0 && charCodeAt(text, at) === PERCENT && charCodeAt(text, at + 1) === 50 && charCodeAt(text, at + 2) === 50;
}

/** `escapes`: backslashes before the opening quote. The closing one has as many; a quote in the value has more. */
function endOfQuoted(text: string, from: number, quote: number, escapes: number): number {
  let backslashes = 0;
  for (let i = from; i < text.length; i++) {
    const code = charCodeAt(text, i);
    if (code === BACKSLASH) backslashes++;
    else if (code === quote && backslashes <= escapes) return i - backslashes;
    else backslashes = 0;
  }
  return text.length;
}

/** Behind the brace that closes the one at `from`. What is too long or was cut off has none. */
function endOfBraces(text: string, from: number): number {
  let depth = 0;
  for (let i = from; i < text.length && i - from < LONGEST_LINE; i++) {
    const code = charCodeAt(text, i);
    if (code === BRACE) depth++;
    else if (code === 125 && --depth === 0) return i + 1;
  }
  return text.length - from < LONGEST_LINE ? text.length : from + LONGEST_LINE;
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
  // %26: the next one of a query within a query. %22: a quote.
  return code === PERCENT && charCodeAt(text, i + 1) === 50 && (charCodeAt(text, i + 2) === 54 || charCodeAt(text, i + 2) === 50);
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
