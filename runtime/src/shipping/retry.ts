/**
 * What follows from a receiver's answer: the statuses, the growth of the pauses and `Retry-After` as the OTLP specification has them, which
 * suits any HTTP receiver. Pure.
 */

/** What came back; undefined: nothing did (refused, reset, timed out). `body` may be cut. */
export interface Answer {
  readonly status: number;
  /** The header as it came. */
  readonly retryAfter?: string;
  readonly body: string;
  /** What was sent: of a refusal, where somebody may keep it. */
  readonly sent?: Uint8Array;
}

export type Step =
  | { readonly kind: 'delivered' }
  /** The receiver will never take it. */
  | { readonly kind: 'refused' }
  /** Nobody takes it now, and it was tried often enough. */
  | { readonly kind: 'away' }
  | { readonly kind: 'wait'; readonly ms: number };

const ATTEMPTS = 5;
const FIRST_MS = 1000;
const GROWTH = 1.5;
const MOST_MS = 5000;
/** Share by which a pause is shorter or longer: many clients must not come back at once. */
const JITTER = 0.2;
/** A receiver that asks for more is away. */
const LONGEST_RETRY_AFTER_MS = 60_000;

/** No success, and none that another attempt could bring. */
export function isRefusal(status: number): boolean {
  return !(status >= 200 && status < 300) && status !== 429 && status !== 502 && status !== 503 && status !== 504;
}

/** `attempt` counts from 1. `random`: 0 to 1. `now`: Unix ms, for dates in `Retry-After`. */
export function nextStep(answer: Answer | undefined, attempt: number, random: number, now: number): Step {
  if (answer !== undefined) {
    const { status } = answer;
    if (status >= 200 && status < 300) return { kind: 'delivered' };
    if (isRefusal(status)) return { kind: 'refused' };
  }
  if (attempt >= ATTEMPTS) return { kind: 'away' };
  const asked = retryAfterMs(answer?.retryAfter, now);
  if (asked > LONGEST_RETRY_AFTER_MS) return { kind: 'away' };
  const pause = Math.round(Math.min(MOST_MS, FIRST_MS * GROWTH ** (attempt - 1)) * (1 - JITTER + 2 * JITTER * random));
  return { kind: 'wait', ms: Math.max(asked, pause) };
}

/** Seconds or an HTTP date; 0 for anything else. */
function retryAfterMs(header: string | undefined, now: number): number {
  if (header === undefined) return 0;
  const text = header.trim();
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  // A bare number that is not an integer is no date, whatever Date.parse makes of it.
  const date = /^[A-Za-z]{3}/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? 0 : Math.max(0, date - now);
}
