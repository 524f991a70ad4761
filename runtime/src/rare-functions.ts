/**
 * Marks roots in which a function ran that seldom runs, for the keep policy. Costs nothing for other functions: a rare one is made to ask at its next call.
 */
import { cursor } from './cursor.ts';
import { askIn, callsOf } from './gates.ts';
import { functionsRegistered } from './registry.ts';

/** A function that has run fewer times is rare. */
const RARE_CALLS = 8;
/** One that has not run for so long is rare at its next call. */
const QUIET_MS = 60_000;

let watching = false;
let scannedAt = 0;
/** Calls of each function at the last scan. */
let callsThen: Float64Array = new Float64Array(0);
/** 1: the function ran, but not between the last two scans. */
let quiet: Uint8Array = new Uint8Array(0);

export function watchRare(on: boolean, time: number): void {
  watching = on;
  scannedAt = time;
  callsThen = new Float64Array(0);
  quiet = new Uint8Array(0);
}

/** A function asks. Returns true when it did so for being rare, and asks again at its next call. */
export function sawRare(fn: number): boolean {
  if (!watching) return false;
  const wasQuiet = quiet[fn] === 1;
  if (wasQuiet) quiet[fn] = 0;
  const few = callsOf(fn) <= RARE_CALLS;
  if (!wasQuiet && !few) return false;
  cursor.root.rare = true;
  if (few) askIn(fn, 0);
  return few;
}

/** Looks once a minute who has not run since the last look. */
export function scanQuiet(time: number): void {
  if (!watching || time - scannedAt < QUIET_MS) return;
  scannedAt = time;
  const count = functionsRegistered() + 1;
  const known = callsThen.length;
  const now = new Float64Array(count);
  const still = new Uint8Array(count);
  for (let fn = 1; fn < count; fn++) {
    const calls = callsOf(fn);
    now[fn] = calls;
    if (fn >= known || calls === 0 || calls !== callsThen[fn]) continue;
    still[fn] = 1;
    askIn(fn, 0);
  }
  callsThen = now;
  quiet = still;
}
