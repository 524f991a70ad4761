/**
 * Which calls of a hot function show their objects. A snapshot costs ten to fifty times what the rest of a call does, and the thousandth hardly ever
 * says what the others have not, so snapshots live on what the calls earn: a function's own calls pay for its next one, and a purse that
 * time fills pays for the first call of each function in each root, so that a trace has whole examples wherever the program leaves
 * room for them. What is left out is marked as such. Arguments, result and locals of a call are decided together. Decides about nothing else; the governor has
 * its own means.
 */
import { clock } from './clock.ts';
import { cursor } from './cursor.ts';

/** Shown whatever they cost: nobody knows the function yet. */
const ALWAYS = 4;
/** Shown while the purse has something. */
const FIRST_CALLS = 32;
/** Calls from one whole call to the next, at least. */
const FEWEST_BETWEEN = 63;
/** A value in a snapshot (some 250 ns) is worth so many calls of the function: its snapshots then add 4 ns a call at most. */
const CALLS_A_NODE = 64;
/** The 40th part of the time goes into the purse, in values. */
const PURSE_A_MS = 100;
/** Some 25 ms of snapshots: a short program shows all it has. */
const FIRST_PURSE = 100_000;
/** Saved up for the first calls of the next root, 2.5 ms. */
const MOST_PURSE = 10_000;

/** Functions beyond share their places with others, which changes the choice a little. */
const PLACES = 16_384;
const PLACE_MASK: number = PLACES - 1;
/** By function, four words each. Never another array, as the columns. */
const samples: Int32Array = new Int32Array(PLACES * 4);
/** The root and span that were asked about last, what was answered, calls until the function has saved enough. */
const SPAN = 0;
const ANSWER = 1;
const WAIT = 2;
const ROOT = 3;
/** Bits of ANSWER; above them stands the number of whole calls, as far as it matters. */
const WHOLE = 1;
const FROM_PURSE = 2;
/** There was a whole call in this root. */
const SHOWN_HERE = 4;
const ONE_SHOWN = 8;
const KNOWN: number = FIRST_CALLS * ONE_SHOWN;

/** One object: a module's variable would allocate each number anew. */
const purse = { left: FIRST_PURSE, time: 0 };

/** True when the objects of this span of the current root are to be looked into. */
export function showsObjects(fn: number, span: number): boolean {
  const at = (fn & PLACE_MASK) << 2;
  const answer = samples[at + ANSWER] as number;
  if (samples[at + ROOT] !== cursor.serial) return decide(at, span, answer & ~SHOWN_HERE);
  if (samples[at + SPAN] !== span) {
    const wait = (samples[at + WAIT] as number) - 1;
    if (wait < 0 || answer < KNOWN || (answer & SHOWN_HERE) === 0) return decide(at, span, answer);
    samples[at + WAIT] = wait;
    samples[at + SPAN] = span;
    samples[at + ANSWER] = answer & ~(WHOLE | FROM_PURSE);
  } else if ((answer & WHOLE) !== 0) {
    return true;
  }
  cursor.formSpan = span;
  return false;
}

function decide(at: number, span: number, before: number): boolean {
  const wait = (samples[at + WAIT] as number) - 1;
  let answer = before & ~(WHOLE | FROM_PURSE);
  if (wait < 0) answer |= WHOLE;
  else if (answer < ALWAYS * ONE_SHOWN || ((answer < KNOWN || (answer & SHOWN_HERE) === 0) && hasSavings())) answer |= WHOLE | FROM_PURSE;
  const whole = (answer & WHOLE) !== 0;
  if (whole) answer = (answer < KNOWN ? answer + ONE_SHOWN : answer) | SHOWN_HERE;
  samples[at + SPAN] = span;
  samples[at + ANSWER] = answer;
  samples[at + WAIT] = whole ? FEWEST_BETWEEN : wait;
  samples[at + ROOT] = cursor.serial;
  return whole;
}

/** The objects of a whole call of `fn` took `nodes` values: so much longer it shows none, unless the purse pays. */
export function paySnapshot(fn: number, nodes: number): void {
  const at = (fn & PLACE_MASK) << 2;
  if (((samples[at + ANSWER] as number) & FROM_PURSE) === 0) samples[at + WAIT] = (samples[at + WAIT] as number) + nodes * CALLS_A_NODE;
  else purse.left -= nodes;
}

function hasSavings(): boolean {
  const left = purse.left + (clock.last - purse.time) * PURSE_A_MS;
  // Time is taken in whole values.
  if (left >= purse.left + 1) {
    purse.time = clock.last;
    if (left <= MOST_PURSE) purse.left = left | 0;
    else if (purse.left < MOST_PURSE) purse.left = MOST_PURSE;
  }
  return purse.left > 0;
}

/** A new recording shows the first calls again. */
export function forgetSamples(): void {
  samples.fill(0);
  purse.left = FIRST_PURSE;
  purse.time = clock.last;
}
