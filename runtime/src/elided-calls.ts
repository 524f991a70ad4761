/**
 * Calls that are counted and not recorded, by function and root. The counters run by themselves; a function that is counted for the first
 * time is noted here with its counter, and the differences are their root's whenever another root comes on or is handed over. Who was noted stays
 * for some of these settlements: asking anew for every function in every root cost more than the counting (bench, schema and html).
 * Must not write events: it is called in the middle of them.
 */
import { contextRoot } from './async-context.ts';
import { cursor, NO_ROOT } from './cursor.ts';
import { askIn, callsOf, leftOf, levelOf } from './gates.ts';
import { implicitRoot } from './implicit-root.ts';
import { rootQuiet } from './late-work.ts';
import { ceil, log2, typedArrayFill, typedArraySet } from './primordials.ts';
import { state } from './recorder-state.ts';
import type { RootRecord } from './root.ts';
import { rootOf } from './slots.ts';

const NOT_NOTED = -1;
/** Settlements without a call after which a function has to be noted again: looking at it costs a few ns, noting it a hundred. */
const MOST_IDLE = 8;

let noted: Int32Array = new Int32Array(256);
/** Whose calls are being counted. */
let owner: RootRecord = NO_ROOT;
/** By function: its calls when they were settled last, how many more may be counted before the governor is asked, settlements without a call. */
let from: Float64Array = new Float64Array(0);
let dues: Float64Array = new Float64Array(0);
let idle: Uint8Array = new Uint8Array(0);
/** 1: stands in `noted`, though it may have stopped counting since. */
let listed: Uint8Array = new Uint8Array(0);
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
  const moreIdle = new Uint8Array(size);
  typedArraySet(moreIdle, idle);
  idle = moreIdle;
  const moreListed = new Uint8Array(size);
  typedArraySet(moreListed, listed);
  listed = moreListed;
}

/** The function is on the counts rung from now on; the governor is asked after `units` more calls. */
export function beginCounting(fn: number, units: number): void {
  grow(fn);
  dues[fn] = callsOf(fn) + units;
  // Its first count has to say whose it is.
  askIn(fn, from[fn] === NOT_NOTED ? 0 : units);
}

/** The function's calls are recorded again from the next one on. */
export function endCounting(fn: number): void {
  if (fn >= from.length || from[fn] === NOT_NOTED) return;
  giveTo(owner, fn, callsOf(fn));
  from[fn] = NOT_NOTED;
}

/**
 * A counted call, which `callsOf` knows already: where it belongs is seen here. Returns true when the function has done its counts and the
 * governor is to be asked.
 */
export function countedCall(fn: number): boolean {
  const c = cursor;
  if (!state.started) return false;
  grow(fn);
  const before = callsOf(fn) - 1;
  const root = c.current === 0 ? (contextRoot() ?? state.implicit ?? implicitRoot(fn)) : rootOf(c.current);
  if (root !== undefined && root !== owner) {
    // This call is none of those that are settled now.
    if (from[fn] !== NOT_NOTED) {
      giveTo(owner, fn, before);
      from[fn] = before + 1;
    }
    countFor(root);
    if (from[fn] !== NOT_NOTED) from[fn] = before;
  }
  if (from[fn] === NOT_NOTED) note(fn, before);
  const left = (dues[fn] as number) - before - 1;
  if (left <= 0) return true;
  if (leftOf(fn) === 0) askIn(fn, left);
  return false;
}

function note(fn: number, calls: number): void {
  const c = cursor;
  from[fn] = calls;
  idle[fn] = 0;
  if (listed[fn] === 1) return;
  if (c.elided === noted.length) {
    const more = new Int32Array(noted.length * 2);
    typedArraySet(more, noted);
    noted = more;
  }
  noted[c.elided++] = fn;
  listed[fn] = 1;
}

/** The call of a function that is only counted is recorded all the same: it is none of the counts. */
export function recordedInstead(fn: number): void {
  if (fn < from.length && from[fn] !== NOT_NOTED) from[fn] = (from[fn] as number) + 1;
}

/** What is counted from now on is the root's. */
export function countFor(root: RootRecord): void {
  if (root === owner) return;
  settleElided();
  owner = root;
}

/** Gives the counts to their root: another comes on, or somebody is about to read them. */
export function settleElided(): void {
  const c = cursor;
  const count = c.elided;
  let kept = 0;
  for (let i = 0; i < count; i++) {
    const fn = noted[i] as number;
    const then = from[fn] as number;
    if (then !== NOT_NOTED) {
      const now = callsOf(fn);
      if (now !== then) {
        idle[fn] = 0;
        from[fn] = now;
        total += now - then;
        owner.elide(fn, now - then);
      } else if ((idle[fn] as number) < MOST_IDLE) {
        idle[fn] = (idle[fn] as number) + 1;
      } else {
        from[fn] = NOT_NOTED;
        if (levelOf(fn) === 0) askIn(fn, 0);
      }
    }
    if (from[fn] === NOT_NOTED) listed[fn] = 0;
    else noted[kept++] = fn;
  }
  c.elided = kept;
  // Nothing else would tell that an ended root has another part.
  if (owner.ended && owner.elidedLength > 0) rootQuiet(owner);
}

/** The recorder stops: nobody is counted. */
export function forgetCounts(): void {
  settleElided();
  for (let i = 0; i < cursor.elided; i++) {
    from[noted[i] as number] = NOT_NOTED;
    listed[noted[i] as number] = 0;
  }
  cursor.elided = 0;
  owner = NO_ROOT;
}

function giveTo(root: RootRecord, fn: number, calls: number): void {
  const more = calls - (from[fn] as number);
  if (more === 0) return;
  total += more;
  root.elide(fn, more);
}
