/**
 * What `enter` reads of each function: one integer with its level, the detail of its objects and how many more calls pass before somebody
 * wants to be asked. Counting down where others count up makes it counter, switch and alarm in one load, one store and one compare;
 * exact calls are what was granted less what is left. A function whose calls are only counted, or that is not recorded at all, has what is left in its
 * module's own gates, where emitted code takes it: the runtime is not called. Decides nothing: who is asked does (`onAllowance`).
 */
import { LEVELS } from '@captureflow/trace/metadata';
import type { Level } from '@captureflow/trace/metadata';
import { cursor, NO_OPS } from './cursor.ts';
import { MOST_OPERANDS } from '@captureflow/trace/wire';
import { append, ceil, log2, max, min, setOwn, typedArrayFill, typedArraySet } from './primordials.ts';

/** The low bits of a gate are the flags that its spans' slots begin with (`slots.ts`). */
export const LEVEL_BITS = 7;
export const DETAIL_SHIFT = 3;
export const DETAIL_BITS: number = 3 << DETAIL_SHIFT;
/** Inner functions name the activation as their lexical parent. */
export const LEXICAL = 32;
/** Some sites report at this level and some do not: they must be looked at. */
export const SITES = 64;
/** One call of those that are left. */
export const ONE_CALL = 128;
/**
 * The sign: calls are recorded, not only counted. So one comparison tells a counted call that has some left from everything else, and that is
 * all the code that `enter` needs to bring into its caller.
 */
export const RECORDED: number = -(2 ** 31);
const FLAG_BITS: number = ONE_CALL - 1;
const LEFT_SHIFT = 7;
export const MOST_LEFT: number = 2 ** 24 - 1;

/** What objects are shown of. SAMPLED: as DEEP in some calls, as FLAT in the others (`sampled-objects.ts`). */
export const Detail = { DEEP: 0, SHALLOW: 1, FLAT: 2, SAMPLED: 3 } as const;

const VALUES = 2;
const LOCALS = 3;

/** As built, by function. */
const BUILT_LEVEL = 7;
const BUILT_GENERATOR = 8;
const BUILT_LEXICAL = 16;
/** Some of its sites are read at level `values`, too. */
const BUILT_PARAMETERS = 32;
/** It was called on an empty stack: whose its counted calls are is looked at each time. */
const SEEN_AT_BOTTOM = 64;

/** Left at a gate while nothing is recorded: billions of calls, after which it is filled again. */
export const RESTING: number = 2 ** 31 - 1;

let count = 0;
let built: Uint8Array = new Uint8Array(0);
/** Calls before the last grant, and the grant. */
let settled: Float64Array = new Float64Array(0);
let granted: Int32Array = NO_OPS;
let askedLevel = 0;
let isResting = true;
/**
 * The modules' own gates, all of them and by function (empty: it has none). A module that was evaluated twice shares its numbers: at the second one's gates
 * nothing is ever left.
 */
const handedOut: Int32Array[] = [];
const ownGates: Int32Array[] = [];
/** By function: the number of its module's function 0. */
let bases: Int32Array = NO_OPS;
let firstGrant: number = MOST_LEFT;
let deepest: number = Detail.DEEP;

/** Returns true when a counted call without a recorded caller is to be recorded all the same, at `calls`. */
export type AllowanceHook = (fn: number, counted: boolean) => boolean;

const refill = (fn: number): boolean => {
  askIn(fn, MOST_LEFT);
  return false;
};
let ask: AllowanceHook = refill;

/**
 * `listener` is asked when a function's calls are used up, and with `counted` true at each call of a function on level 0 that has no
 * recorded caller. It sets rung and calls again; it writes no event. Undefined: every function gets as many calls as there can be.
 */
export function onAllowance(listener: AllowanceHook | undefined): void {
  ask = listener ?? refill;
}

/** Makes room for functions up to number `needed - 1`. */
export function growGates(needed: number): void {
  count = needed;
  while (ownGates.length < needed) append(ownGates, NO_OPS);
  if (needed <= built.length) return;
  const size = max(1024, 2 ** ceil(log2(needed)));
  built = grownTo(new Uint8Array(size), built);
  settled = grownTo(new Float64Array(size), settled);
  granted = grownTo(new Int32Array(size), granted);
  bases = grownTo(new Int32Array(size), bases);
  cursor.gates = grownTo(new Int32Array(size), cursor.gates);
}

function grownTo<T extends Uint8Array | Int32Array | Float64Array>(larger: T, from: T): T {
  typedArraySet(larger, from);
  return larger;
}

/** Probe `gates`. */
export function handOutGates(size: number): Int32Array {
  try {
    const gates = new Int32Array(size);
    if (isResting) typedArrayFill(gates, RESTING);
    append(handedOut, gates);
    return gates;
  } catch {
    // What is not there lets everything pass.
    return NO_OPS;
  }
}

/** Functions from `base` on read `gates`. */
export function linkGates(base: number, gates: Int32Array): void {
  for (let k = 0; k < gates.length; k++) {
    bases[base + k] = base;
    setOwn(ownGates, base + k, gates);
  }
}

/** What a function was built for; `level` 0: it is never recorded. `parameters`: some of its sites are parameters beyond the eighth. */
export function buildGate(fn: number, level: number, generator: boolean, lexical: boolean, parameters: boolean): void {
  if (fn >= MOST_OPERANDS) return;
  built[fn] = level | (generator ? BUILT_GENERATOR : 0) | (lexical ? BUILT_LEXICAL : 0) | (parameters ? BUILT_PARAMETERS : 0);
  resetGate(fn);
}

/**
 * The most that functions report from now on, whether the objects of hot ones are shown in some calls only, and after how many calls a
 * function asks for the first time.
 */
export function askLevel(level: Level, sampled: boolean, calls: number = MOST_LEFT): void {
  firstGrant = calls;
  askedLevel = LEVELS.indexOf(level);
  deepest = sampled ? Detail.SAMPLED : Detail.DEEP;
  for (let fn = 0; fn < count; fn++) settleCalls(fn, 0);
  isResting = askedLevel === 0;
  for (let i = 0; i < handedOut.length; i++) typedArrayFill(handedOut[i], isResting ? RESTING : 0);
  for (let fn = 0; fn < count; fn++) resetGate(fn);
}

/** Nothing is recorded, and the function used up what rests at its gate. */
export function restAgain(fn: number): void {
  if (isResting) setOwnGate(fn, RESTING);
}

/** From now on each call of the function asks `enter`, where the stack is known. */
export function sawAtBottom(fn: number): void {
  const flags = built[fn] as number;
  if ((flags & SEEN_AT_BOTTOM) !== 0) return;
  const left = leftOf(fn);
  built[fn] = flags | SEEN_AT_BOTTOM;
  setLeft(fn, left);
}

function resetGate(fn: number): void {
  setRung(fn, askedLevel, Detail.DEEP);
  askIn(fn, firstGrant);
}

/** The most that the function reports: what was built, or what was asked for. */
export function askedLevelOf(fn: number): number {
  return min((built[fn] as number) & BUILT_LEVEL, askedLevel);
}

/** Level (0: calls are counted only) and detail of a function from its next call on; a level above what was built and asked for is lowered. */
export function setRung(fn: number, level: number, detail: number): void {
  const flags = built[fn] as number;
  const most = min(flags & BUILT_LEVEL, askedLevel);
  const now = level < most ? level : most;
  const left = leftOf(fn);
  cursor.gates[fn] =
    now |
    ((detail === Detail.DEEP ? deepest : detail) << DETAIL_SHIFT) |
    (now !== 0 && (flags & BUILT_LEXICAL) !== 0 ? LEXICAL : 0) |
    (now === LOCALS ? ((flags & BUILT_LEVEL) > now ? SITES : 0) : now === VALUES && (flags & BUILT_PARAMETERS) !== 0 ? SITES : 0);
  setLeft(fn, left);
}

/** A generator's caller must be looked for when a pause has just said who calls next. */
export function isGenerator(fn: number): boolean {
  return ((built[fn] as number) & BUILT_GENERATOR) !== 0;
}

/** Never recorded, whatever is asked. */
export function isOff(fn: number): boolean {
  return askedLevel === 0 || ((built[fn] as number) & BUILT_LEVEL) === 0;
}

function setLeft(fn: number, left: number): void {
  const gate = (cursor.gates[fn] as number) & FLAG_BITS;
  const isCounted = (gate & LEVEL_BITS) === 0;
  const passes = isCounted && ((built[fn] as number) & SEEN_AT_BOTTOM) === 0 && ownGates[fn] !== NO_OPS;
  if (!isResting) setOwnGate(fn, passes ? left : 0);
  cursor.gates[fn] = gate | ((passes ? 0 : left) << LEFT_SHIFT) | (isCounted ? 0 : RECORDED);
}

/** Nothing happens where there is none. */
function setOwnGate(fn: number, left: number): void {
  const own = ownGates[fn];
  if (own !== undefined && own !== NO_OPS) own[fn - (bases[fn] as number)] = left;
}

function settleCalls(fn: number, left: number): void {
  settled[fn] = callsOf(fn);
  granted[fn] = left;
  setLeft(fn, left);
}

/** After `calls` more calls of the function the next one asks. */
export function askIn(fn: number, calls: number): void {
  settleCalls(fn, isResting ? 0 : calls < MOST_LEFT ? calls : MOST_LEFT);
}

/** Takes from what is left, as if there had been so many more calls. */
export function charge(fn: number, units: number): void {
  const left = leftOf(fn);
  const taken = units < left ? units : left;
  granted[fn] = (granted[fn] as number) - taken;
  setLeft(fn, left - taken);
}

/** Counts a call on the slow path. True: nothing was left, so that `askAllowance` is due. */
export function countCall(fn: number): boolean {
  const left = leftOf(fn);
  if (left > 0) {
    setLeft(fn, left - 1);
    return false;
  }
  setLeft(fn, 0);
  settled[fn] = (settled[fn] as number) + 1;
  return true;
}

export function askAllowance(fn: number, counted: boolean): boolean {
  return isOff(fn) ? refill(fn) : ask(fn, counted);
}

/** Calls that pass before somebody is asked. */
export function leftOf(fn: number): number {
  const here = ((cursor.gates[fn] as number) >>> LEFT_SHIFT) & MOST_LEFT;
  const own = ownGates[fn];
  if (isResting || own === undefined || own === NO_OPS) return here;
  const passing = own[fn - (bases[fn] as number)] as number;
  return passing > 0 ? here + passing : here;
}

/** Exact calls since the function was registered. */
export function callsOf(fn: number): number {
  return fn < count ? (settled[fn] as number) + (granted[fn] as number) - leftOf(fn) : 0;
}

export function callsCounted(): number {
  let calls = 0;
  for (let fn = 0; fn < count; fn++) calls += callsOf(fn);
  return calls;
}

export function levelOf(fn: number): number {
  return (cursor.gates[fn] as number) & LEVEL_BITS;
}

export function detailOf(fn: number): number {
  const detail = ((cursor.gates[fn] as number) & DETAIL_BITS) >> DETAIL_SHIFT;
  return detail === Detail.SAMPLED ? Detail.DEEP : detail;
}
