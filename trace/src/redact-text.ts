/**
 * Hides secrets in texts by their shape and by the names that stand before them. Pure; every text that leaves the process passes here
 * before it is written anywhere.
 */
import { redactNamed, REDACTED_TEXT, redactSetCookie, redactUrls } from './named-secrets.ts';
import { Hint, textHints } from './secret-hints.ts';
import { ACCOUNTS, CARDS, fromBase64, isAccountNumber, isCardNumber, JSON_IN_BASE64, KEYS, PRIVATE_KEY } from './secret-patterns.ts';
import { includes, replaceMatches } from './secret-primordials.ts';
import { redactSpoken, redactUserFlag } from './spoken-secrets.ts';

/** Nothing shorter is a secret that its shape gives away. */
export const SHORTEST_SECRET = 8;

/** `text` with `[redacted]` in the place of each secret in it; `text` itself when there is none. */
export function redactText(text: string): string {
  return text.length < SHORTEST_SECRET ? text : redactHinted(text, textHints(text));
}

const LONGEST_REPEATED = 64;
const MOST_REPEATED = 512;
/** Texts in which no secret was found. */
let harmless: Record<string, true> = Object.create(null) as Record<string, true>;
let harmlessCount = 0;

/**
 * `redactText` for what comes again in every trace, names of roots and of their attributes: of those without a secret it is remembered. Their patterns were a third of what the header of a
 * small trace cost.
 */
export function redactRepeated(text: string): string {
  if (text.length > LONGEST_REPEATED) return redactText(text);
  if (harmless[text] === true) return text;
  const clean = redactText(text);
  if (clean !== text) return clean;
  // Paths can be data: forgetting everything is cheaper than bookkeeping, and rare.
  if (harmlessCount >= MOST_REPEATED) {
    harmless = Object.create(null) as Record<string, true>;
    harmlessCount = 0;
  }
  harmless[text] = true;
  harmlessCount++;
  return text;
}

/** `redactText` with what is known of the text (`secret-hints.ts`). */
export function redactHinted(text: string, hints: number): string {
  if (hints === 0) return text;
  let result = text;
  if ((hints & Hint.KEY) !== 0) {
    result = replaceMatches(PRIVATE_KEY, result, hide);
    result = replaceMatches(KEYS, result, hide);
    if (includes(result, 'eyJ')) result = replaceMatches(JSON_IN_BASE64, result, hideSecretJson);
  }
  if ((hints & Hint.SCHEME) !== 0) result = redactSpoken(result);
  if ((hints & Hint.URL) !== 0) result = redactUserFlag(redactUrls(result));
  if ((hints & Hint.LIST) !== 0) result = redactSetCookie(result);
  if ((hints & Hint.NAMED) !== 0) result = redactNamed(result);
  if ((hints & Hint.CARD) !== 0) {
    result = replaceMatches(CARDS, result, (match) => (isCardNumber(match[0] as string) ? REDACTED_TEXT : undefined));
    result = replaceMatches(ACCOUNTS, result, (match) => (isAccountNumber(match[0] as string) ? REDACTED_TEXT : undefined));
  }
  return result;
}

function hide(): string {
  return REDACTED_TEXT;
}

/** JSON has one level of this only: what is in it is not looked into again, so that a text cannot make it go deep. */
function hideSecretJson(match: RegExpExecArray): string | undefined {
  const json = fromBase64(match[0] as string);
  return redactNamed(json) === json ? undefined : REDACTED_TEXT;
}
