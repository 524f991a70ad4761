/**
 * The event words of a recorded chunk, contract (e) of ARCHITECTURE.md, version 1.
 *
 * The recorder writes, the decoder reads; nobody else knows these numbers. A chunk is three columns that
 * are consumed in lockstep: `ops` (Int32), `nums` (Float64) and `refs` (strings, bigints, symbols). Every
 * event is one head word, its operands, then its values; a value is a tag word, its operands, then nested
 * values. This file must not import anything.
 */

export const WIRE_VERSION = 1;

/**
 * An event carries at most this many values. More locals come as further VALUES events right behind, from the sites that follow the first
 * one in the function's record and have the same kind and line.
 */
export const MAX_EVENT_VALUES = 8;

/**
 * Event kinds: the low 8 bits of a head word. The upper bits hold `n`, whose meaning stands with each kind.
 * `span` operands are the span's number in its root: 1, 2, 3 … in the order of ENTER and ENTER_AT events.
 */
export const Op = {
  /** `[ENTER | n<<8, fn]` + n values. Opens the next span under the top of the stack. */
  ENTER: 1,
  /** `[ENTER_AT | n<<8, fn, parentSpan, link]` + n values. Opens the next span under `parentSpan` (0: the root). */
  ENTER_AT: 2,
  /** `[VALUES | n<<8, span, site]` + n values: the bindings that `site` of the function's record names. */
  VALUES: 3,
  /** `[EXIT | n<<8, span]` + n values (0 or 1): the function returned. Pops everything down to `span`. */
  EXIT: 4,
  /** `[THROW | n<<8, span, position, errorId]` + n values (0 or 1): the function threw. Pops like EXIT. */
  THROW: 5,
  /** `[CLOSE, span]`: a generator ended without return or throw (its `return()` was called). Pops like EXIT. */
  CLOSE: 6,
  /** `[SUSPEND | why<<8, span]`, why: a `Pause`. Pops down to and with `span`; the span stays open. */
  SUSPEND: 7,
  /** `[RESUME | why<<8, span]`: the span is on top of the stack again. */
  RESUME: 8,
  /** `[TIME]` + one number in `nums`: the clock, in ms since the segment's `timeOrigin`. Exact for the event that follows it. */
  TIME: 9,
  /** `[ANNOTATE, span]` + 1 value (span 0: the root). */
  ANNOTATE: 10,
  /** `[GAP]` + one number in `nums`: so many events are missing here. A STACK event follows. */
  GAP: 11,
  /**
   * `[STACK | n<<8, nextSpan]` + n times `[span, fn, parentSpan, onStack]`: the open spans; first event of every chunk. With `onStack` 0
   * also spans that are over, when later work hangs under them.
   */
  STACK: 12,
  /** `[ELIDED, fn, parentSpan]` + one number in `nums`: so many calls of `fn` were counted but not recorded. */
  ELIDED: 13,
  /** `[EMPTY]`: the stack is empty; a new run of the event loop may follow. */
  EMPTY: 14,
} as const;

/** How a span that did not start under a recorded caller found its parent (operand `link` of ENTER_AT). */
export const Link = {
  /** Called synchronously by the parent (never written with ENTER_AT by the recorder; the decoder's default). */
  CALL: 0,
  /** The parent created the closure that runs now (timer, emitter or promise callback). */
  LEXICAL: 1,
  /** Only the root is known, through AsyncLocalStorage. */
  ROOT: 2,
  /** Called by a `for await` of the parent. */
  LOOP: 3,
  /** Called by a `yield*` of the parent. */
  DELEGATE: 4,
  /** First span of an implicit root. */
  TOP: 5,
} as const;

/** Why a span is suspended. */
export const Pause = { AWAIT: 0, YIELD: 1, DELEGATE: 2, LOOP: 3 } as const;

/**
 * Value tags: the low 5 bits of a value's first word. The upper bits hold `n`.
 * `class` operands are one string of `refs`: the class name, '' when unknown.
 */
export const Tag = {
  /** The binding was not initialised (temporal dead zone) or the array had a hole. */
  ABSENT: 0,
  UNDEFINED: 1,
  NULL: 2,
  FALSE: 3,
  TRUE: 4,
  /** next word: the integer (never -0). */
  INT: 5,
  /** one number in `nums`. */
  NUMBER: 6,
  /** one string in `refs`. */
  STRING: 7,
  /** one string in `refs` (the beginning), next word: the full length in UTF-16 units. */
  STRING_CUT: 8,
  /** one bigint in `refs`. */
  BIGINT: 9,
  /** one symbol in `refs`. */
  SYMBOL: 10,
  /** one string in `refs`: the own data property `name`, or ''. `n`: 0 function, 1 class, 2 async, 3 generator, 4 async generator. */
  FUNCTION: 11,
  /** class, next word: number of own string keys. Then n times: key in `refs`, value. */
  OBJECT: 12,
  /** class, next word: length. Then n values. */
  ARRAY: 13,
  /** class, next word: size. Then n times: key value, value value. */
  MAP: 14,
  /** class, next word: size. Then n values. */
  SET: 15,
  /** one number in `nums`: the time value, NaN when invalid. */
  DATE: 16,
  /** class, message in `refs`. Then n times: key in `refs`, value (own data properties; `cause` among them). */
  ERROR: 17,
  /** source and flags as one string in `refs`. */
  REGEXP: 18,
  PROMISE: 19,
  /** A proxy, never looked into. */
  PROXY: 20,
  /** class, next word: size (bytes, elements) or -1. Host objects, weak collections, iterators, streams. */
  OPAQUE: 21,
  /** class, next word: bytes. Then one string in `refs`: the first bytes in hex. */
  BUFFER: 22,
  /**
   * next word: number of the object within this snapshot (1: the outermost), in order of appearance. A snapshot is one value of an
   * event with all that is nested in it; OBJECT, ARRAY, MAP, SET and ERROR values are counted, no others.
   */
  REFERENCE: 23,
  /** class, next word: size or -1. Content left out; `n`: a `Cut`. */
  CUT: 24,
  /** Hidden by redaction. */
  REDACTED: 25,
  /** An accessor property, not run. */
  GETTER: 26,
  /** Reading it threw. */
  UNREADABLE: 27,
  /** The same error that the last THROW with this errorId in the trace carried. */
  SAME: 28,
} as const;

/** Why the content of a value was left out. */
export const Cut = { DEPTH: 0, NODES: 1, BYTES: 2, ROOM: 3 } as const;

/** One chunk: the columns and how much of each is used. */
export interface ChunkColumns {
  readonly ops: Int32Array;
  readonly nums: Float64Array;
  readonly refs: readonly unknown[];
  readonly opsLength: number;
  readonly numsLength: number;
  readonly refsLength: number;
}
