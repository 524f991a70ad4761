/**
 * The recorder's hot state, one object that never changes its shape: where the current root's next event goes, the stack of
 * open spans and the tables by function. Fields only; V8 folds the object's address into the probes.
 *
 * An event is written from `start` on and counts when `pos` moves past it. What can overflow the stack in between (captures of objects) sets
 * `limit` to -1 meanwhile: the next event after an overflow asks for service, which takes the columns back to where they were (H45).
 */
import { CHUNK_NUMS, CHUNK_OPS, emptyRefs } from './chunk.ts';
import { RootRecord } from './root.ts';

export const SLOTS = 65_536;

export class Cursor {
  /**
   * Where all events are written, whatever the root: what is written from `from` on goes into the root's chunk, at the same places, when another root comes, the
   * chunk is full or the root ends. Never another array, so that engines know its address and length: a tenth of a call for one copy of each word.
   * Allocated with the module, but the system gives no memory before the first word.
   */
  readonly ops: Int32Array = new Int32Array(CHUNK_OPS);
  readonly nums: Float64Array = new Float64Array(CHUNK_NUMS);
  readonly slots: Int32Array = new Int32Array(SLOTS * 8);
  refs: unknown[] = NO_REFS;
  pos = 0;
  numsPos = 0;
  refsPos = 0;
  /** Up to here the open chunk has its words and numbers. */
  from = 0;
  numsFrom = 0;
  /** Beginning of the event that is being written, or of the last one. */
  start = -1;
  /** `numsPos` and `refsPos` where the event `mark` (a `start`) began; set by its first number or reference. */
  numsStart = 0;
  refsStart = 0;
  mark = -1;
  /**
   * Beyond this an event needs `service` first: no room, a clock reading due, an empty stack, half an event to take back, or nothing may be
   * written. The one thing that the hot path asks.
   */
  limit = -1;
  /** `limit` without the clock, when it was computed last: what the open chunk has room for. */
  room = 0;
  /** Where capture writes. */
  at = 0;
  /** Number of the root's last span. */
  span = 0;
  /** Events other than ENTER, for exact counts of what was lost. */
  events = 0;
  /** Lengths of the strings that the open chunk refers to. */
  stringBytes = 0;
  /** Slot on top of the synchronous stack; 0: empty. */
  current = 0;
  /** First of the free slots; each names the next. 0: none. */
  freeHead = 0;
  serial = 0;
  stringLimit = 255;
  /** By function: see `gates.ts`. */
  gates: Int32Array = NO_OPS;
  /** The last span of the current root that was found to be one of those that do not show their objects; -1: none. */
  formSpan = -1;
  /** Suspends and resumes so far, for the governor. */
  pauses = 0;
  /** Those of them that read the clock, because a run of the event loop ends or begins there. */
  waits = 0;
  /** Values in all snapshots so far, for the governor. */
  nodes = 0;
  /** Functions whose counted calls the current root was not told of yet. */
  elided = 0;
  root: RootRecord = NO_ROOT;
}

/** `limit` while nothing but the empty stack speaks against the hot path: a span that comes back to it goes on at once. */
export const EMPTY_STACK = -2;
/** `EMPTY_STACK`, and the pause before has announced whom it calls: what starts must look there, what comes back need not. */
export const EMPTY_CALLED = -3;

export const NO_OPS: Int32Array = new Int32Array(0);
export const NO_REFS: unknown[] = emptyRefs(1);
/** Stands for "no root" so that the field always holds the same kind of object. */
export const NO_ROOT: RootRecord = new RootRecord({ kind: 'task', name: '' }, 0, 0, true);

export const cursor: Cursor = new Cursor();
