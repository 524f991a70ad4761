/**
 * Secrets that show by their own shape, whatever they are called: private keys, JSON Web Tokens, keys with a provider's prefix, card numbers,
 * `Authorization` values. A beginning that capture cut counts too. Expressions only ever match what is a secret or very likely one:
 * a match is seen by the program in `RegExp.$1`. Look-aheads and what must be followed by something are bounded: texts are hostile.
 */
import { charCodeAt, matches, slice, toLowerCase } from './secret-primordials.ts';

export const PRIVATE_KEY: RegExp =
  /-----BEGIN [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----|$)|AGE-SECRET-KEY-1[A-Z0-9]{20,}/g;

/** Signed (three parts) and encrypted (five, the second of which may be empty). A lone `eyJ…` is any JSON in Base64, such as a page cursor. */
const JSON_WEB_TOKEN = String.raw`eyJ[\w-]{6,1000}\.(?:[\w-]{8,}|[\w-]*$|(?=\.))(?:\.[\w-]*){0,3}`;

/** By provider. Public halves (publishable keys, account ids) are no secrets. */
const PROVIDER_KEYS: readonly string[] = [
  // AWS: access keys, temporary ones too.
  String.raw`(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}(?![A-Z0-9])`,
  // GitHub, GitLab
  String.raw`gh[pousr]_[A-Za-z0-9]{30,}|github_pat_\w{22,}|gl(?:pat|dt|rt|ptt|ft|soat|agent|cbt)-[\w-]{20,}`,
  // Slack
  String.raw`xox[abeoprs]-[\w-]{10,}|xapp-\d-[\w-]{10,}|hooks\.slack\.com/(?:services|workflows)/[\w/]{20,}`,
  // Stripe and those who took its form
  String.raw`(?:sk|rk|whsec)_(?:live|test)_[A-Za-z0-9]{10,}|whsec_[A-Za-z0-9+/=]{16,}`,
  // Google
  String.raw`AIza[\w-]{35}|ya29\.[\w-]{20,}|GOCSPX-[\w-]{20,}`,
  // OpenAI, Anthropic and others: a digit tells them from names with hyphens
  String.raw`sk-(?:proj-|svcacct-|admin-|ant-\w+-|or-v\d-)?(?=[\w-]{0,80}\d)(?=[\w-]{0,80}[A-Z])[\w-]{20,}`,
  // Package registries
  String.raw`npm_[A-Za-z0-9]{36}|pypi-[\w-]{50,}|dckr_pat_[\w-]{20,}|rubygems_[a-f0-9]{48}`,
  // Mail and messages
  String.raw`SG\.[\w-]{16,}\.[\w-]{16,}|SK[0-9a-f]{32}(?![0-9a-f])|key-[0-9a-f]{32}(?![0-9a-f])|[0-9a-f]{32}-us\d{1,2}(?!\d)|\d{8,10}:AA[\w-]{33}`,
  String.raw`[MNO][A-Za-z\d]{23,25}\.[\w-]{6}\.[\w-]{27,}|xkeysib-[a-f0-9]{64}`,
  // Clouds and tools
  String.raw`do[opr]_v1_[a-f0-9]{64}|shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}|dapi[a-f0-9]{32}|hvs\.[\w-]{20,}|hf_[A-Za-z0-9]{30,}`,
  String.raw`lin_api_[A-Za-z0-9]{32,}|sbp_[a-f0-9]{40}|ntn_[A-Za-z0-9]{40,}|figd_[\w-]{20,}|glsa_[A-Za-z0-9]{32}_[a-f0-9]{8}|PMAK-[a-f0-9]{24}-[a-f0-9]{34}`,
  String.raw`dp\.(?:pt|st|ct)\.[\w.-]{30,}|ATATT3[\w=-]{30,}|sq0(?:csp|atp)-[\w-]{20,}|pscale_(?:tkn|pw)_[\w-]{30,}|EAAA[\w-]{60}`,
];

export const KEYS: RegExp = new RegExp(`(?<![A-Za-z0-9])(?:${JSON_WEB_TOKEN}|${PROVIDER_KEYS.join('|')})`, 'g');

/** Groups: what stays, the scheme, its value. */
export const SCHEMES: RegExp = /(?<![\w-])((bearer|basic|token|apikey)[ ]+)([\w.~+/-]{8,}={0,2})/gi;

/** Whether what stands behind the name of an authentication scheme is its value and not prose (`basic understanding`, `token expired`). */
export function isSchemeValue(scheme: string, value: string): boolean {
  switch (toLowerCase(scheme)) {
    case 'basic':
      return isUserAndPassword(value);
    case 'bearer':
      return value.length >= 24 ? !matches(/^[a-z/.-]*$/, value) : matches(/\d/, value);
    default:
      return value.length >= 16 && matches(/\d/, value) && matches(/[a-z]/i, value);
  }
}

/** Base64 of printable text with a colon in it. */
function isUserAndPassword(value: string): boolean {
  let bits = 0;
  let count = 0;
  let colon = false;
  for (let i = 0; i < value.length; i++) {
    const digit = base64Digit(charCodeAt(value, i));
    if (digit < 0) break;
    bits = (bits << 6) | digit;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    const byte = (bits >> count) & 255;
    if (byte < 32 || byte === 127) return false;
    if (byte === 58) colon = true;
  }
  return colon;
}

/** JSON in Base64, as in cookies and page cursors: whether it is a secret depends on what it says. */
export const JSON_IN_BASE64: RegExp = /(?<![\w+/=-])eyJ[\w+/-]{13,}/g;
/** Of it so much is looked at. */
const LONGEST_BASE64 = 4096;

/** The bytes of a text in Base64 or its URL form, each as one unit; what cannot be read ends it. */
export function fromBase64(text: string): string {
  let bits = 0;
  let count = 0;
  let result = '';
  for (let i = 0; i < text.length && i < LONGEST_BASE64; i++) {
    const code = charCodeAt(text, i);
    const digit = code === 45 ? 62 : code === 95 ? 63 : base64Digit(code);
    if (digit < 0) break;
    bits = ((bits << 6) | digit) & 0xffff;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    const byte = (bits >> count) & 255;
    result += byte < 32 || byte > 126 ? ' ' : slice(PRINTABLE, byte - 32, byte - 31);
  }
  return result;
}

const PRINTABLE: string = ' !"#$%&\'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~';

function base64Digit(code: number): number {
  if (code >= 65 && code <= 90) return code - 65;
  if (code >= 97 && code <= 122) return code - 71;
  if (code >= 48 && code <= 57) return code + 4;
  return code === 43 ? 62 : code === 47 ? 63 : -1;
}

/** 13 to 19 digits in a row, or in the groups in which cards show them. */
export const CARDS: RegExp =
  /(?<![\w.-]|\d[ ])(?:\d{13,19}|\d{4}([ .\u00a0-])\d{4}\1\d{4}\1\d{4}|\d{4}([ .\u00a0-])\d{6}\2\d{4,5})(?!\w|[.-]\d)/g;

/** Number ranges and lengths of the card networks. */
const NETWORKS: RegExp =
  /^(?:4\d{15}|(?:5[1-5]\d\d|222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d{12}|3[47]\d{13}|(?:6011|65\d\d|64[4-9]\d)\d{12}|35(?:2[89]|[3-8]\d)\d{12}|3(?:0[0-5]|[68]\d)\d{11}|62\d{14,17})$/;

/** Two letters, two check digits, 11 to 30 characters more, in one or in groups of four. */
export const ACCOUNTS: RegExp = /(?<![\w-])[A-Z]{2}\d{2}(?:[A-Z0-9]{11,30}|(?: [A-Z0-9]{4}){2,7}(?: [A-Z0-9]{1,3})?)(?![\w-])/g;

/** An IBAN: as a number, its country and check digits behind the rest, one more than a multiple of 97. */
export function isAccountNumber(text: string): boolean {
  let rest = 0;
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    const code = charCodeAt(text, (i + 4) % text.length);
    if (code === 32) continue;
    length++;
    rest = (code > 57 ? rest * 100 + code - 55 : rest * 10 + code - 48) % 97;
  }
  return rest === 1 && length >= 15;
}

export function isCardNumber(text: string): boolean {
  let digits = '';
  for (let i = 0; i < text.length; i++) {
    const code = charCodeAt(text, i);
    if (code >= 48 && code <= 57) digits += slice(text, i, i + 1);
  }
  return matches(NETWORKS, digits) && hasCheckDigit(digits);
}

/** Luhn's. */
function hasCheckDigit(digits: string): boolean {
  let sum = 0;
  for (let i = digits.length - 1, double = false; i >= 0; i--, double = !double) {
    const digit = charCodeAt(digits, i) - 48;
    sum += double ? (digit > 4 ? digit * 2 - 9 : digit * 2) : digit;
  }
  return sum % 10 === 0;
}
