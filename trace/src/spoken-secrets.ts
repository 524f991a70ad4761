/**
 * Secrets that stand behind a word and a space: `Bearer x`, on command lines, in SQL and in what errors say (`--password x`, `curl -u ann:x`, `PASSWORD 'x'`,
 * `the password is x`). Prose has such words all the time, so what follows must look like no word of a language.
 */
import { REDACTED_TEXT } from './named-secrets.ts';
import { isSchemeValue, SCHEMES } from './secret-patterns.ts';
import { includes, matches, replaceMatches } from './secret-primordials.ts';

/** Groups: what stays, the value. It looks back behind the sign: engines look for a sign faster than back at each place. */
const FLAG: RegExp =
  /(--(?<![\w-]--)[\w-]{0,30}(?:password|passwd|passphrase|pwd|secret|token|api-?key|access-?key|private-?key)[ ]+["']?)([^\s"'-][^\s"']{3,})/gi;
/** User and password of a tool. Groups: what stays, the password. */
const USER_FLAG: RegExp = /(-(?<![\w-]-)(?:u|-user|-proxy-user)[ ]+["']?[^\s:"']{1,64}:)([^\s"']{3,})/g;
/** Groups: what stays, the value. */
const WORD: RegExp =
  /(?<![\w-])((?:password|passwd|passphrase|login \S{1,64} password|(?:password|passphrase) (?:is|was))[ ]+["'`]?)([^\s"'`]{5,})/gi;

/** Most texts with spaces are prose: one look for all these words takes no longer than one of the expressions does. */
const WORDS: RegExp = /bearer|basic|token|apikey|password|passphrase|passwd/i;

export function redactSpoken(text: string): string {
  const result = includes(text, '--') ? replaceMatches(FLAG, text, keepFlag) : text;
  if (!matches(WORDS, result)) return result;
  return replaceMatches(WORD, replaceMatches(SCHEMES, result, keepScheme), keepFirst);
}

function keepScheme(match: RegExpExecArray): string | undefined {
  return isSchemeValue(match[2] as string, match[3] as string) ? `${match[1]}${REDACTED_TEXT}` : undefined;
}

/** `--user 1000:1000` is a user and a group. */
export function redactUserFlag(text: string): string {
  if (!includes(text, '-u')) return text;
  return replaceMatches(USER_FLAG, text, (match) => (matches(/^\d+$/, match[2] as string) ? undefined : `${match[1]}${REDACTED_TEXT}`));
}

/** Behind a flag stands its value, or what a manual calls it: `--password <password>`, `--token TOKEN`. */
function keepFlag(match: RegExpExecArray): string | undefined {
  const value = match[2] as string;
  return matches(/[a-z]/i, value) && matches(/[^a-z,.:;!?'"()/-]/i, value) && !matches(PLACEHOLDER, value)
    ? `${match[1]}${REDACTED_TEXT}`
    : undefined;
}

function keepFirst(match: RegExpExecArray): string | undefined {
  return matches(NAME_WITH_NUMBER, match[2] as string) ? undefined : keepFlag(match);
}

const PLACEHOLDER: RegExp = /^[<{$%[(]|[>})\]]$/;
/** `sha-256`, `pbkdf2` */
const NAME_WITH_NUMBER: RegExp = /^[a-z]+-?\d{1,4}[.,;:]?$/i;
