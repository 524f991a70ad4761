/**
 * Calls that are counted and not recorded, by function and root. The counters run by themselves; a function that is counted for the first
 * time since its root came on is noted here with its counter, and the difference is the root's when the root leaves or is handed over.
 * Must not write events: it is called in the middle of them.
 */
import { contextRoot } from './async-context.ts';
import { cursor } from './cursor.ts';
import { askIn, callsOf, levelOf } from './gates.ts';
import { implicitRoot } from './implicit-root.ts';
import { rootQuiet } from './late-work.ts';
import { ceil, log2, typedArrayFill, typedArraySet } from './primordials.ts';
import { state } from './recorder-state.ts';
import type { RootRecord } from './root.ts';
import { rootOf } from './slots.ts';

const NOT_NOTED = -1;

let noted: Int32Array = new Int32Array(256);
/** Whose calls are being counted. */
let owner: RootRecord | undefined;
/** By function: its calls when it was noted, and how many more may be counted before the governor is asked. */
let from: Float64Array = new Float64Array(0);
let dues: Float64Array = new Float64Array(0);
let total = 0;

/** Since the first start. */
export function elidedSoFar(): number {
  return total;
}

function grow(fn: number): void {
  if (fn < from.length) return;
  const size = 2 ** ceil(log2(fn + 256));
  const moreFrom = new Float64Array(size);
  typedArrayFill(moreFrom, NOT_NOTED);
  typedArraySet(moreFrom, from);
  from = moreFrom;
  const moreDues = new Float64Array(size);
  typedArraySet(moreDues, dues);
  dues = moreDues;
}

/** The function is on the counts rung from now on; the governor is asked after `units` more calls. */
export function beginCounting(fn: number, units: number): void {
  grow(fn);
  dues[fn] = callsOf(fn) + units;
  // Its first count has to say whose it is.
  askIn(fn, from[fn] === NOT_NOTED ? 0 : units);
}

/**
 * A counted call, which `callsOf` knows already: where it belongs is seen here. Returns true when the function has done its counts and the
 * governor is to be asked.
 */
export function countedCall(fn: number): boolean {
  const c = cursor;
  if (!state.started) return false;
  grow(fn);
  const root = c.current === 0 ? (contextRoot() ?? state.implicit ?? implicitRoot(fn)) : rootOf(c.current);
  const before = callsOf(fn) - 1;
  if (root !== owner) {
    settle(fn, before);
    owner = root;
  }
  if (from[fn] === NOT_NOTED) {
    if (c.elided === noted.length) {
      const more = new Int32Array(noted.length * 2);
      typedArraySet(more, noted);
      noted = more;
    }
    noted[c.elided++] = fn;
    from[fn] = before;
  }
  const left = (dues[fn] as number) - before - 1;
  if (left <= 0) return true;
  askIn(fn, left);
  return false;
}

/** The call of a function that is only counted is recorded all the same: it is none of the counts. */
export function recordedInstead(fn: number): void {
  if (fn < from.length && from[fn] !== NOT_NOTED) from[fn] = (from[fn] as number) + 1;
}

/** Gives the counts to their root: it leaves, or somebody is about to read them. */
export function settleElided(): void {
  settle(0, 0);
}

/** Of function `fn` only the calls up to `before` are the owner's. */
function settle(fn: number, before: number): void {
  const c = cursor;
  for (let i = 0; i < c.elided; i++) {
    const one = noted[i] as number;
    const calls = (one === fn ? before : callsOf(one)) - (from[one] as number);
    from[one] = NOT_NOTED;
    if (levelOf(one) === 0) askIn(one, 0);
    if (calls === 0) continue;
    total += calls;
    owner?.elide(one, calls);
  }
  c.elided = 0;
  // Nothing else would tell that an ended root has another part.
  if (owner?.ended === true) rootQuiet(owner);
  owner = undefined;
}
