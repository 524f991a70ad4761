/**
 * Where events go: chunks of the current root, room and clock before an event, and the change from one root to another.
 * Knows STACK, GAP and TIME; what the other events mean is the probes' business.
 */
import { N_SHIFT, Op, OPERAND_SHIFT } from '@captureflow/trace/wire';
import { CHUNK_NUMS, CHUNK_OPS, CHUNK_REFS } from './chunk.ts';
import type { Chunk } from './chunk.ts';
import { clock, writeTime } from './clock.ts';
import { cursor, NO_REFS, NO_ROOT } from './cursor.ts';
import { countFor, settleElided } from './elided-calls.ts';
import { lookAt } from './governed-functions.ts';
import { append, arrayFill, arraySplice, typedArraySet, typedArraySubarray } from './primordials.ts';
import { state } from './recorder-state.ts';
import { REPLACED } from './root.ts';
import type { RootRecord } from './root.ts';
import { BELOW, FUNCTION, INHERIT, PARENT, SERIAL, SPAN } from './slots.ts';

/** Room that an event of primitives needs at most, with TIME before and EMPTY behind. */
const OPS_MARGIN = 64;
const NUMS_MARGIN = 16;
const REFS_MARGIN = 24;
const LAST_OPS: number = CHUNK_OPS - OPS_MARGIN;
const LAST_NUMS: number = CHUNK_NUMS - NUMS_MARGIN;
const LAST_REFS: number = CHUNK_REFS - REFS_MARGIN;
/** Most spans that a STACK event names, so that it fills less than half a chunk. */
const STACK_SPANS = 400;
/** Where the last reading of a chunk stands that has none: long ago. */
const NO_TIME = -(2 ** 20);
/** Up to so many words a loop is faster than a view. */
const FEW_WORDS = 64;

const stackBuffer: Int32Array = new Int32Array(STACK_SPANS + 1);
let extraSlot = 0;

/** Room inside the open chunk that captures of objects may use, the margins left out. */
export function opsRoom(): number {
  return LAST_OPS - cursor.at;
}
export function numsRoom(): number {
  return LAST_NUMS - cursor.numsPos;
}
export function refsRoom(): number {
  return LAST_REFS - cursor.refsPos;
}

/** Takes back what an aborted event left in the columns (see `Cursor`). */
function recover(): void {
  const c = cursor;
  if (c.mark === c.start) {
    arrayFill(c.refs, undefined, c.refsStart, c.refsPos);
    c.numsPos = c.numsStart;
    c.refsPos = c.refsStart;
  }
  c.start = -1;
}

/** Called before an event. Returns false when nothing can be written now; the loss is counted when it is one. */
export function service(): boolean {
  const c = cursor;
  if (!state.started || state.busy) return false;
  if (c.start === c.pos) recover();
  if (c.root === NO_ROOT) return false;
  if (c.root.torn !== 0 && !mend()) return lose();
  if (c.pos <= c.limit) return true;
  if (c.root.chunk === undefined || c.pos > LAST_OPS || c.numsPos > LAST_NUMS || c.refsPos > LAST_REFS) {
    if (!nextChunk()) return lose();
  }
  if (c.pos - c.root.timePos >= clock.words) writeTime();
  tightenLimit();
  return true;
}

/** Tells readers how the stack is. */
function mend(): boolean {
  const c = cursor;
  const { root } = c;
  root.pinned = c.span;
  if (root.chunk === undefined) {
    root.torn = 0;
    return true;
  }
  // A stack that STACK names in part only must not be taken for the whole: then UNWIND says the most important. It fits the margin.
  const size = root.torn === REPLACED ? stackSize() : 0;
  if (size > 0 && size <= STACK_SPANS * 4) {
    if (size > LAST_OPS - c.pos) return nextChunk();
    writeStack();
    return true;
  }
  let slot = c.current;
  while (slot !== 0 && c.slots[(slot << 3) + SERIAL] !== c.serial) slot = c.slots[(slot << 3) + BELOW] as number;
  c.ops[c.pos] = Op.UNWIND;
  c.ops[c.pos + 1] = slot === 0 ? 0 : (c.slots[(slot << 3) + SPAN] as number);
  c.pos += 2;
  root.torn = 0;
  return true;
}

function lose(): boolean {
  const { root } = cursor;
  root.missing++;
  root.lostToPool++;
  state.dropped.poolFull++;
  return false;
}

/** Sets how far the hot path may write unasked. Each word brings at most one number or one reference. */
export function tightenLimit(): void {
  const c = cursor;
  if (c.current === 0) {
    c.limit = -1;
    return;
  }
  countFor(c.root);
  let limit = LAST_OPS;
  const at = c.at > c.pos ? c.at : c.pos;
  const nums = at + LAST_NUMS - c.numsPos;
  if (nums < limit) limit = nums;
  const refs = at + LAST_REFS - c.refsPos;
  if (refs < limit) limit = refs;
  c.room = limit;
  const due = c.root.timePos + clock.words;
  c.limit = due < limit ? due : limit;
}

/** True: no function is recorded on its way in until it is told otherwise. */
export function beQuiet(quiet: boolean): void {
  state.quiet = quiet;
  cursor.limit = -1;
}

/** Probes do nothing until `leave`: user code runs. */
export function enterBusy(): void {
  state.busy = true;
  cursor.limit = -1;
}

export function leaveBusy(): void {
  state.busy = false;
  cursor.limit = -1;
}

/** Ends the open chunk before the event that is being written and begins another. False: there is none, or the root may have no more. */
function nextChunk(): boolean {
  const c = cursor;
  const { root } = c;
  sealChunk(c.pos, c.numsPos, c.refsPos);
  const chunk = root.chunks.length >= state.maxChunksPerRoot ? evictFromRing(root) : state.pool.take();
  if (chunk === undefined) {
    c.limit = -1;
    return false;
  }
  append(root.chunks, chunk);
  root.chunk = chunk;
  lookAt(clock.last);
  root.chunkSpan = c.span;
  root.chunkEvents = c.events;
  c.refs = chunk.refs;
  c.pos = 0;
  c.numsPos = 0;
  c.from = 0;
  c.numsFrom = 0;
  c.refsPos = 0;
  c.start = -1;
  c.mark = -1;
  c.at = 0;
  c.stringBytes = 0;
  // The first event of a chunk gets a reading of the clock: the chunk may be all that is left of its time.
  root.timePos = NO_TIME;
  if (root.missing > 0) {
    c.ops[c.pos++] = Op.GAP;
    c.nums[c.numsPos++] = root.missing;
    root.missing = 0;
  }
  writeStack();
  root.front = c.pos;
  return true;
}

/** Keeps the first half of a root's chunks; the others are a ring whose oldest is used again. */
function evictFromRing(root: RootRecord): Chunk | undefined {
  const head = state.maxChunksPerRoot >> 1;
  const chunk = arraySplice(root.chunks, head, 1)[0] as Chunk | undefined;
  if (chunk === undefined) return undefined;
  root.lostToRing += chunk.events;
  state.dropped.ring += chunk.events;
  state.pool.clear(chunk);
  return chunk;
}

function sealChunk(pos: number, numsPos: number, refsPos: number): void {
  const c = cursor;
  const { chunk } = c.root;
  if (chunk === undefined) return;
  copyInto(chunk, pos, numsPos);
  chunk.opsLength = pos;
  chunk.numsLength = numsPos;
  chunk.refsLength = refsPos;
  chunk.events = c.span - c.root.chunkSpan + c.events - c.root.chunkEvents;
  state.pool.hold(chunk, c.stringBytes);
}

/** The open chunk gets what was written since the last time, up to `pos` and `numsPos`. */
function copyInto(chunk: Chunk, pos: number, numsPos: number): void {
  const c = cursor;
  const { ops, nums, from, numsFrom } = c;
  if (pos - from > FEW_WORDS) typedArraySet(chunk.ops, typedArraySubarray(ops, from, pos), from);
  else for (let i = from; i < pos; i++) chunk.ops[i] = ops[i] as number;
  for (let i = numsFrom; i < numsPos; i++) chunk.nums[i] = nums[i] as number;
  c.from = pos;
  c.numsFrom = numsPos;
}

/** A span that the next STACK event must name although it is over: late work is about to hang under it. */
export function nameInStack(slot: number): void {
  extraSlot = slot;
}

/** Words of the STACK event that is due, at most. */
function stackSize(): number {
  const c = cursor;
  let words = 2;
  for (let slot = c.current; slot !== 0; slot = c.slots[(slot << 3) + BELOW] as number) words += 4;
  for (let slot = c.root.suspended; slot !== 0; slot = c.slots[(slot << 3) + BELOW] as number) words += 4;
  return words;
}

function writeStack(): void {
  const c = cursor;
  const { slots } = c;
  const adopt = c.root.torn === 0 ? 0 : 1;
  let count = 0;
  for (let slot = c.current; slot !== 0 && count < STACK_SPANS; slot = slots[(slot << 3) + BELOW] as number) {
    if (slots[(slot << 3) + SERIAL] === c.serial) stackBuffer[count++] = slot;
  }
  const onStack = count;
  for (let slot = c.root.suspended; slot !== 0 && count < STACK_SPANS; slot = slots[(slot << 3) + BELOW] as number) {
    if (slot !== extraSlot) stackBuffer[count++] = slot;
  }
  if (extraSlot !== 0 && slots[(extraSlot << 3) + SERIAL] === c.serial) stackBuffer[count++] = extraSlot;
  extraSlot = 0;
  const { ops } = c;
  let p = c.pos;
  ops[p++] = Op.STACK | (adopt << N_SHIFT) | (count << OPERAND_SHIFT);
  ops[p++] = c.span + 1;
  for (let i = 0; i < count; i++) {
    const slot = i < onStack ? (stackBuffer[onStack - 1 - i] as number) : (stackBuffer[i] as number);
    const at = slot << 3;
    ops[p++] = slots[at + SPAN] as number;
    ops[p++] = slots[at + FUNCTION] as number;
    ops[p++] = parentOf(at);
    ops[p++] = i < onStack ? 1 : 0;
  }
  c.root.torn = 0;
  c.pos = p;
}

function parentOf(at: number): number {
  const { slots } = cursor;
  const parent = slots[at + PARENT] as number;
  return parent === INHERIT ? (slots[((slots[at + BELOW] as number) << 3) + SPAN] as number) : parent;
}

/**
 * Moves the unfinished event to a fresh chunk, where it begins behind STACK. False: it stays where it is and must end within the
 * margins, because there is no chunk, or because it fills one alone.
 */
export function relocate(): boolean {
  const c = cursor;
  // One or two TIME words may stand between STACK and a chunk's first event.
  if (c.start < 0 || c.start <= c.root.front + 2) return false;
  const { refs, start, at, numsStart, numsPos, refsStart, refsPos, pos, limit } = c;
  const { chunk } = c.root;
  if (chunk === undefined) return false;
  // Behind its end the chunk keeps the words of the event meanwhile: STACK is written over them.
  copyInto(chunk, at, numsPos);
  c.from = pos;
  c.numsFrom = numsStart;
  const { ops, nums } = chunk;
  c.numsPos = numsStart;
  c.refsPos = refsStart;
  if (!nextChunk()) {
    c.numsPos = numsPos;
    c.refsPos = refsPos;
    c.pos = pos;
    c.limit = limit;
    return false;
  }
  writeTime();
  const moved = at - start;
  for (let i = 0; i < moved; i++) c.ops[c.pos + i] = ops[start + i] as number;
  c.start = c.pos;
  c.mark = c.pos;
  c.at = c.pos + moved;
  c.numsStart = c.numsPos;
  for (let i = numsStart; i < numsPos; i++) c.nums[c.numsPos++] = nums[i] as number;
  c.refsStart = c.refsPos;
  for (let i = refsStart; i < refsPos; i++) {
    const ref = refs[i];
    if (typeof ref === 'string') c.stringBytes += ref.length;
    c.refs[c.refsPos++] = ref;
  }
  arrayFill(refs, undefined, refsStart, refsPos);
  return true;
}

/** Makes `root` the one that is written to. */
export function switchRoot(root: RootRecord): void {
  const c = cursor;
  if (c.root === root) return;
  storeRoot();
  loadRoot(root);
}

/** Writes the cursor's places back into its root and chunk. */
export function storeRoot(): void {
  const c = cursor;
  if (c.elided !== 0) settleElided();
  const { root } = c;
  if (c.start === c.pos) recover();
  root.span = c.span;
  root.events = c.events;
  root.stringBytes = c.stringBytes;
  sealChunk(c.pos, c.numsPos, c.refsPos);
}

/** Makes `root` the cursor's, at its places. The first event asks for service. No calls: a stack overflow finds it done or not begun. */
export function loadRoot(root: RootRecord): void {
  const c = cursor;
  const { chunk } = root;
  c.root = root;
  c.serial = root.serial;
  c.span = root.span;
  c.events = root.events;
  c.stringBytes = root.stringBytes;
  c.formSpan = -1;
  c.start = -1;
  c.mark = -1;
  c.at = 0;
  c.limit = -1;
  if (chunk === undefined) {
    c.refs = NO_REFS;
    c.pos = 0;
    c.numsPos = 0;
    c.refsPos = 0;
    c.from = 0;
    c.numsFrom = 0;
    return;
  }
  c.refs = chunk.refs;
  c.pos = chunk.opsLength;
  c.numsPos = chunk.numsLength;
  c.from = c.pos;
  c.numsFrom = c.numsPos;
  c.refsPos = chunk.refsLength;
}
