/**
 * Recording for examples (profile `codegen`): at its exit a call whose outcome is known well enough is taken back out of the columns, with all that it
 * called. What stays: calls with something new in them, and the first few calls that each activation makes, because an example needs
 * its collaborators. Slow path only; whoever records otherwise pays nothing.
 */
import type { ChunkColumns } from '@captureflow/trace/wire';
import type { Chunk } from './chunk.ts';
import { scanFunctions } from './chunk-scan.ts';
import { cursor, SLOTS } from './cursor.ts';
import { ExampleBook } from './example-book.ts';
import { LEXICAL } from './gates.ts';
import { append, arrayFill, typedArraySet } from './primordials.ts';
import { ENDED, FLAGS, FUNCTION, SERIAL, SPAN } from './slots.ts';

/** Calls that an activation keeps of those it made although they are nothing new. */
const MOST_COLLABORATORS = 16;

/** Where a span's first event begins, by slot: `pos`, `numsPos`, `refsPos`, `events`, `stringBytes`, the collaborators kept, `timePos`. */
const FIELDS = 8;
const COLLABORATORS = 5;

let book: ExampleBook | undefined;
/** Slots of ended spans that stay, in the order of their ends, that a closure may still name as its parent. */
let namable: number[] = [];
let marks: Int32Array = new Int32Array(0);
const next: Int32Array = new Int32Array(FIELDS);
let markedIn: Chunk | undefined;

/** Begins or ends recording for examples. */
export function collectExamples(on: boolean): void {
  book = on ? new ExampleBook() : undefined;
  marks = on ? new Int32Array(SLOTS * FIELDS) : new Int32Array(0);
  namable = [];
}

export function collectsExamples(): boolean {
  return book !== undefined;
}

/** The next span's events begin here, if they stay in this chunk. */
export function markEnter(): void {
  const c = cursor;
  next[0] = c.pos;
  next[1] = c.numsPos;
  next[2] = c.refsPos;
  next[3] = c.events;
  next[4] = c.stringBytes;
  next[COLLABORATORS] = 0;
  next[6] = c.root.timePos;
  markedIn = c.root.chunk;
}

/** The span that was marked has this slot. */
export function opened(slot: number): void {
  // Its first event did not fit and was moved to another chunk: where it begins there is not worth knowing.
  if (cursor.root.chunk !== markedIn) pin();
  markedIn = undefined;
  typedArraySet(marks, next, slot * FIELDS);
}

/** What the root has recorded up to now stays: something in it is new, or will be named again. */
export function pin(): void {
  cursor.root.pinned = cursor.span;
}

/** Takes the span on top of the stack back if nothing in it is worth keeping. False: it stays, its outcome is to be written. */
export function takeBack(slot: number, below: number, outcome: string): boolean {
  const c = cursor;
  if (book === undefined) return false;
  const at = slot << 3;
  const span = c.slots[at + SPAN] as number;
  if (book.note(c.slots[at + FUNCTION] as number, outcome)) {
    pin();
    return false;
  }
  const { root } = c;
  // Of an earlier chunk or part, begun before another root came, or with something in it that stays.
  if (
    span <= root.pinned ||
    span <= root.chunkSpan ||
    root.chunk === undefined ||
    root.missing > 0 ||
    (marks[slot * FIELDS] as number) < c.from
  )
    return false;
  if (below !== 0) {
    const kept = below * FIELDS + COLLABORATORS;
    if ((marks[kept] as number) < MOST_COLLABORATORS) {
      marks[kept] = (marks[kept] as number) + 1;
      if (((c.slots[at + FLAGS] as number) & LEXICAL) !== 0) append(namable, slot);
      return false;
    }
  }
  rewind(slot * FIELDS);
  root.takenBack++;
  forgetNamable(span);
  c.slots[at + SERIAL] = 0;
  c.span = span - 1;
  return true;
}

/** The span is off the stack, which has become empty once more: once was enough to say. */
export function unsayEmpty(slot: number): void {
  const c = cursor;
  const pos = marks[slot * FIELDS] as number;
  if (pos > c.root.front && pos >= c.from && c.pos === pos + 1) c.pos = pos;
}

/** Closures of what was taken back find no parent: its number will be another span's. */
function forgetNamable(span: number): void {
  const { slots, serial } = cursor;
  while (namable.length > 0) {
    const at = (namable[namable.length - 1] as number) << 3;
    const stale = slots[at + FLAGS] !== ENDED || slots[at + SERIAL] !== serial;
    if (!stale && (slots[at + SPAN] as number) < span) return;
    if (!stale) slots[at + SERIAL] = 0;
    namable.length--;
  }
}

function rewind(mark: number): void {
  const c = cursor;
  const pos = marks[mark] as number;
  const refsPos = marks[mark + 2] as number;
  const taken: ChunkColumns = {
    ops: c.ops.subarray(pos, c.pos),
    nums: c.nums,
    refs: c.refs,
    opsLength: c.pos - pos,
    numsLength: 0,
    refsLength: 0,
  };
  scanFunctions(taken, (fn) => c.root.elide(fn, 1));
  arrayFill(c.refs, undefined, refsPos, c.refsPos);
  c.pos = pos;
  c.numsPos = marks[mark + 1] as number;
  c.refsPos = refsPos;
  c.events = marks[mark + 3] as number;
  c.stringBytes = marks[mark + 4] as number;
  c.start = -1;
  c.mark = -1;
  c.at = 0;
  c.root.timePos = marks[mark + 6] as number;
  c.limit = -1;
}
