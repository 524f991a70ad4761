/**
 * The governor's hands: moves functions between rungs, gives them their allowances, and reads what recording costs. Nothing here writes
 * events or runs user code: a probe may be in the middle of an event.
 */
import { floorOfRecording, meterWork, recordingCost, UNIT_PRICE, workCost } from './cost-meter.ts';
import { cursor } from './cursor.ts';
import { beginCounting, countedCall, elidedSoFar, endCounting, forgetCounts, recordedInstead } from './elided-calls.ts';
import { collectsExamples } from './examples.ts';
import { askedLevelOf, askIn, callsOf, Detail, onAllowance, setRung } from './gates.ts';
import { FIRST_CALLS, Governor, Rung } from './governor.ts';
import type { GovernorHost } from './governor.ts';
import { afterMs, mapGet, mapSet, min, processorTime } from './primordials.ts';
import type { KeepReason } from './keep-policy.ts';
import type { RootSummary } from './recorder-config.ts';
import { RootAllowance } from './root-allowance.ts';
import { sawRare, scanQuiet, watchRare } from './rare-functions.ts';
import { functionName, mustBeRecorded } from './registry.ts';
import { state } from './recorder-state.ts';

const CALLS = 1;
/** Activations in a window that are recorded for lying at the bottom of a stack; each reads the clock and asks for its root, some 300 ns. */
const MOST_BOTTOMS = 2000;
const VALUES = 2;

/** What somebody was seated for: fewer calls than units since then mean that objects or lines were paid for, too. */
interface Seated {
  calls: number;
  units: number;
}

export interface GovernorStats {
  readonly budget: number;
  /** Share of processor time in the last window that was long enough to be measured, and since the start. */
  readonly share: number;
  readonly totalShare: number;
  /**
   * Share of processor time since the start, by price, that no budget can save: gates, counts, and what async functions and generators need for their tokens. It
   * is no part of the shares above, but the budget pays for it first, up to three quarters.
   */
  readonly floorShare: number;
  /** Units of recorded work that each function may do in a window now. */
  readonly allowance: number;
  readonly windows: number;
  /** Calls that were counted and not recorded. */
  readonly elidedCalls: number;
  /** Functions that report less than they were asked for now; at most 50, the most called first. */
  readonly lowered: readonly { readonly name: string; readonly reports: 'shallow' | 'flat' | 'calls' | 'counts'; readonly calls: number }[];
}

let governor: Governor | undefined;
let requests: RootAllowance | undefined;
let timer = false;
/** What the floor had cost when this recording began. */
let floorBefore = 0;
let bottoms = 0;
let bottomsIn = -1;
const seated: Map<number, Seated> = new Map();

const host: GovernorHost = {
  now: () => state.now(),
  processorTime: () => (state.config?.processorTime ?? processorTime)(),
  cost: recordingCost,
  floor: floorOfRecording,
  unitPrice: () => UNIT_PRICE,
  calls: callsOf,
  lowestRung: (fn) => (mustBeRecorded(fn) && askedLevelOf(fn) <= CALLS ? Rung.DEEP : Rung.COUNTS),
  nextRung(fn, rung) {
    const seat = mapGet(seated, fn) as Seated | undefined;
    const charged = seat !== undefined && callsOf(fn) - seat.calls < seat.units;
    // What captures no objects gains nothing from shallower ones.
    return charged && rung < Rung.COUNTS ? rung + 1 : Rung.COUNTS;
  },
  seat(fn, rung, units) {
    // What was only counted up to here is settled before calls are recorded again.
    if (rung !== Rung.COUNTS) endCounting(fn);
    mapSet(seated, fn, { calls: callsOf(fn), units });
    const asked = askedLevelOf(fn);
    if (rung === Rung.COUNTS && !mustBeRecorded(fn)) {
      setRung(fn, 0, Detail.DEEP);
      beginCounting(fn, units);
      return;
    }
    if (rung === Rung.COUNTS) setRung(fn, CALLS, Detail.DEEP);
    else if (rung === Rung.FLAT) setRung(fn, min(asked, VALUES), Detail.FLAT);
    else setRung(fn, asked, rung === Rung.SHALLOW ? Detail.SHALLOW : Detail.DEEP);
    askIn(fn, units);
  },
  lookIn,
};

function lookIn(ms: number): void {
  if (timer) return;
  timer = true;
  const { session } = state;
  afterMs(ms, () => {
    if (state.session !== session) return;
    timer = false;
    if (governor === undefined) return;
    governor.look();
    const wanted = governor.lookWantedIn();
    if (wanted !== undefined) lookIn(wanted);
  });
}

onAllowance((fn, counted) => {
  if (counted) {
    if (cursor.current === 0 && mayRecordBottom()) {
      recordedInstead(fn);
      return true;
    }
    if (countedCall(fn)) governor?.spent(fn);
    return false;
  }
  if (collectsExamples()) askIn(fn, 0);
  else if (sawRare(fn)) return false;
  else if (governor === undefined) askIn(fn, Number.POSITIVE_INFINITY);
  else governor.spent(fn);
  return false;
});

/**
 * A counted function starts on an empty stack. Recorded (at `calls`), it says whose its callees' calls are; that is worth its price as long as there are not
 * too many.
 */
function mayRecordBottom(): boolean {
  if (governor === undefined) return false;
  if (governor.windows !== bottomsIn) {
    bottomsIn = governor.windows;
    bottoms = 0;
  }
  return ++bottoms <= MOST_BOTTOMS;
}

/** The time was just read: a root ended, a chunk is full. */
export function lookAt(time: number): void {
  governor?.look(time);
  scanQuiet(time);
}

/** Why a finished root for which no policy speaks is written; undefined: the budget does not pay for it. Only requests come as often as others wish. */
export function reasonToWrite(summary: RootSummary, time: number): KeepReason | undefined {
  if (summary.root.kind !== 'http' || requests === undefined || governor === undefined) return 'all';
  return requests.reasonFor(summary, time, workCost(), governor.left);
}

/** Begins to govern. `budget` 1: nobody is. Returns after how many calls every function asks for the first time. */
export function startGovernor(budget: number, rare: boolean): number {
  timer = false;
  seated.clear();
  watchRare(rare, state.now());
  floorBefore = floorOfRecording();
  governor = budget >= 1 ? undefined : new Governor(budget, host);
  requests = budget >= 1 ? undefined : new RootAllowance(state.now(), workCost());
  meterWork(governor !== undefined);
  if (rare || collectsExamples()) return 0;
  return governor === undefined ? Number.POSITIVE_INFINITY : FIRST_CALLS;
}

export function stopGovernor(): void {
  forgetCounts();
  governor = undefined;
  requests = undefined;
  watchRare(false, 0);
  seated.clear();
}

/** Undefined while nobody is governed. */
export function governorStats(): GovernorStats | undefined {
  if (governor === undefined) return undefined;
  const { budget, share, totalCost, totalProcessorTime, allowance, windows } = governor;
  const lowered = governor
    .lowered()
    .map(([fn, rung]) => ({ name: functionName(fn), reports: reportsOn(fn, rung), calls: callsOf(fn) }))
    .sort((a, b) => b.calls - a.calls)
    .slice(0, 50);
  const shareOf = (cost: number): number => (totalProcessorTime > 0 ? cost / totalProcessorTime : 0);
  const totalShare = shareOf(totalCost);
  const floorShare = shareOf(floorOfRecording() - floorBefore);
  return { budget, share, totalShare, floorShare, allowance, windows, elidedCalls: elidedSoFar(), lowered };
}

function reportsOn(fn: number, rung: number): 'shallow' | 'flat' | 'calls' | 'counts' {
  if (rung === Rung.SHALLOW) return 'shallow';
  if (rung === Rung.FLAT) return 'flat';
  return mustBeRecorded(fn) ? 'calls' : 'counts';
}
