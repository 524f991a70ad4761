/**
 * Which names hide their values. Pure, without imports: the plan (names of bindings) and the runtime (keys of objects
 * and Maps) share this one decision. It looks at names only; `redact-text.ts` looks into values.
 *
 * Matching is on word segments, not on substrings: `author`, `monkey` and `tokenize` are ordinary words.
 */

// H173: kept from load time, so that a patched String.prototype neither runs nor changes the answer.
const charCodeAt = /* @__PURE__ */ Function.prototype.call.bind(String.prototype.charCodeAt) as unknown as (
  text: string,
  index: number,
) => number;
const slice = /* @__PURE__ */ Function.prototype.call.bind(String.prototype.slice) as unknown as (
  text: string,
  from: number,
  to: number,
) => string;
const toLowerCase = /* @__PURE__ */ Function.prototype.call.bind(String.prototype.toLowerCase) as unknown as (text: string) => string;
const includes = /* @__PURE__ */ Function.prototype.call.bind(String.prototype.includes) as unknown as (
  text: string,
  part: string,
) => boolean;

type Table = Readonly<Record<string, true>>;

function table(words: string): Table {
  const entries: Record<string, true> = Object.create(null);
  for (const word of words.trim().split(/\s+/)) entries[word] = true;
  return entries;
}

/** One segment, or up to four neighbours written together (`api_key`, `apiKey`, `x-api-key`). */
const SENSITIVE: Table = /* @__PURE__ */ table(`
  password passwords passwd passwds pwd pwds pass passphrase passphrases passcode passcodes passhash pw userpass dbpass mysqlpwd
  secret secrets token tokens jwt jwts bearer otp totp otps 2fa mfacode authcode authorization authorisation
  credential credentials creds cookie cookies setcookie csrf xsrf csrftoken xsrftoken sso saml
  apikey apikeys apisecret apisignature appkey appsecret applicationkey accesskey accesskeys privatekey privatekeys secretkey secretkeys
  encryptionkey decryptionkey cipherkey signingkey signaturekey masterkey sharedkey sessionkey hmackey aeskey rsakey deploykey servicekey
  sshkey gpgkey pgpkey pemkey pemfile pkcs8 pkcs12 licensekey licencekey recaptchakey accountkey storagekey webhookkey authkey
  sessionid sessid phpsessid jsessionid connectsid basicauth authheader proxyauth clientsecret
  creditcard creditcards creditcardnumber cardnumber cardno ccnumber ccnum cvv cvv2 cvc cvc2 cvn securitycode pincode pinnumber cardpin
  ssn socialsecurity socialsecuritynumber nationalinsurancenumber passportnumber passportno routingnumber bankaccountnumber iban voterid
  securityanswer securityquestion recoverycode recoverycodes backupcode backupcodes verificationcode onetimecode
  connectionstring connectionuri databaseurl databaseuri dburl dburi mongouri mongodburi redisurl dsn mnemonic seedphrase
`);

/** Sensitive only as the whole name: as a part of a name these are ordinary words. */
const WHOLE: Table = /* @__PURE__ */ table('pin sid auth oauth cipher xauth');

/** No other word contains these: they also count inside a segment (`userpassword`, `mypasswd1`). */
const INSIDE: readonly string[] = [
  'password',
  'passwd',
  'passphrase',
  'apikey',
  'privatekey',
  'secretkey',
  'accesstoken',
  'refreshtoken',
  'authtoken',
  'idtoken',
  'clientsecret',
  'sessionid',
  'csrftoken',
  'creditcard',
  'cardnumber',
];

/** A name that ends so tells something about the secret (its length, whether there is one), not the secret. */
const ABOUT_LAST: Table = /* @__PURE__ */ table(`
  count counts length len size type types kind index idx limit limits budget usage expiry expires expiration expired ttl age strength policy
  required enabled disabled valid invalid validator validators validation visible hidden name names field fields label placeholder error errors
  changed confirmed matches rule rules schema regex regexp pattern position offset start end line column consent banner path domain
`);

/** The same for names that begin so. */
const ABOUT_FIRST: Table = /* @__PURE__ */ table(
  'is has had are was should must can needs allow require requires show hide num max min total remaining',
);

/** `token` that is counted (language models) or parsed, not presented. */
const COUNTED_BEFORE_TOKENS: Table = /* @__PURE__ */ table('max min total prompt completion input output cached reasoning used num n');

const LOWER = 1;
const UPPER = 2;
const DIGIT = 3;

function classOf(code: number): number {
  if (code >= 97 && code <= 122) return LOWER;
  if (code >= 65 && code <= 90) return UPPER;
  if (code >= 48 && code <= 57) return DIGIT;
  // Letters of other scripts belong to the word they stand in; everything else in ASCII separates.
  return code > 127 ? LOWER : 0;
}

/** `IDs`, `JWTs`: an s that ends the word after capitals is no word of its own. */
function isPluralAt(name: string, index: number): boolean {
  return charCodeAt(name, index) === 115 && (index + 1 >= name.length || classOf(charCodeAt(name, index + 1)) !== LOWER);
}

/** Lower-cased words of a name: `XMLApiKey2` gives `xml api key 2`. */
export function nameSegments(name: string): string[] {
  const segments: string[] = [];
  let count = 0;
  let start = -1;
  let before = 0;
  const length = name.length;
  for (let i = 0; i <= length; i++) {
    const now = i < length ? classOf(charCodeAt(name, i)) : 0;
    if (start >= 0) {
      const upperEndsRun =
        before === UPPER && now === UPPER && i + 1 < length && classOf(charCodeAt(name, i + 1)) === LOWER && !isPluralAt(name, i + 1);
      const newWord = now !== before && !(before === UPPER && now === LOWER && i - start === 1);
      if (now === 0 || newWord || upperEndsRun) {
        if (!(before === UPPER && now === LOWER && isPluralAt(name, i))) {
          segments[count++] = toLowerCase(slice(name, start, i));
          start = -1;
        }
      }
    }
    if (start < 0 && now !== 0) start = i;
    before = now;
  }
  return segments;
}

function decide(name: string): boolean {
  const segments = nameSegments(name);
  const count = segments.length;
  if (count === 0) return false;
  let whole = '';
  for (let i = 0; i < count; i++) whole += segments[i] as string;
  if (WHOLE[whole] === true) return true;
  let found = SENSITIVE[whole] === true;
  for (let i = 0; i < count && !found; i++) {
    let joined = '';
    for (let k = i; k < count && k < i + 4; k++) {
      joined += segments[k] as string;
      if (SENSITIVE[joined] !== true) continue;
      if ((joined === 'tokens' || joined === 'token') && i > 0 && COUNTED_BEFORE_TOKENS[segments[i - 1] as string] === true) continue;
      // `pass` and `pw` mean a password alone or at the end (`dbPass`), not in `passCount` or `bypass`.
      if ((joined === 'pass' || joined === 'pw') && k !== count - 1) continue;
      found = true;
      break;
    }
    if (!found) found = containsSecretWord(segments[i] as string);
  }
  if (!found) return false;
  return count === 1 || !(ABOUT_LAST[segments[count - 1] as string] === true || ABOUT_FIRST[segments[0] as string] === true);
}

function containsSecretWord(segment: string): boolean {
  if (segment.length < 6) return false;
  for (let i = 0; i < INSIDE.length; i++) {
    if (includes(segment, INSIDE[i] as string)) return true;
  }
  return false;
}

const LONGEST_NAME = 128;
const REMEMBERED_NAMES = 4096;
let remembered: Record<string, boolean> = Object.create(null);
let rememberedCount = 0;

/**
 * True when the value of a binding, property or Map key of this name must not be stored. Only the first 128 UTF-16
 * units are looked at. Answers are remembered for up to 4,096 names, so that asking again is one look-up.
 */
export function isSensitiveName(name: string): boolean {
  const known = name.length <= LONGEST_NAME ? remembered[name] : undefined;
  if (known !== undefined) return known;
  const asked = name.length <= LONGEST_NAME ? name : slice(name, 0, LONGEST_NAME);
  const answer = decide(asked);
  if (name.length <= LONGEST_NAME) {
    // Map keys can be data: forgetting everything is cheaper than bookkeeping, and rare.
    if (rememberedCount >= REMEMBERED_NAMES) {
      remembered = Object.create(null);
      rememberedCount = 0;
    }
    remembered[name] = answer;
    rememberedCount++;
  }
  return answer;
}
