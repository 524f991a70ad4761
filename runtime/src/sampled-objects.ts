/**
 * Which calls of a hot function show their objects: the first ones, every so-manieth, and the first of each root, so that every trace has a
 * whole example of each function it contains. A snapshot costs ten to fifty times what the rest of a call does, and the thousandth
 * hardly ever says what the others have not; what is left out is marked as such. Arguments, result and locals of a call are decided together.
 */
import { cursor } from './cursor.ts';

const FIRST_CALLS = 32;
/** Every 64th: a snapshot of 1 µs then adds 16 ns a call. A power of two less one. */
const EVERY = 63;

/** By function: the span and the answer that was given last, calls with objects so far, the root of the last whole call. */
const SPAN = 0;
const WHOLE = 1;
const SEEN = 2;
const ROOT = 3;

/** True when the objects of this span of the current root are to be looked into. */
export function showsObjects(fn: number, span: number): boolean {
  const { samples, serial } = cursor;
  const at = fn << 2;
  const sameRoot = samples[at + ROOT] === serial;
  if (sameRoot && samples[at + SPAN] === span) return samples[at + WHOLE] === 1;
  const seen = ((samples[at + SEEN] as number) + 1) | 0;
  samples[at + SEEN] = seen;
  samples[at + SPAN] = span;
  const whole = !sameRoot || (seen & EVERY) === 0 || (seen >= 0 && seen <= FIRST_CALLS);
  samples[at + ROOT] = serial;
  samples[at + WHOLE] = whole ? 1 : 0;
  return whole;
}

/** A new recording shows the first calls again. */
export function forgetSamples(): void {
  cursor.samples.fill(0);
}
