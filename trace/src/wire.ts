/**
 * The event words of a recorded chunk, contract (e) of ARCHITECTURE.md, version 2.
 *
 * The recorder writes, the decoder reads; nobody else knows these numbers. A chunk is three columns that
 * are consumed in lockstep: `ops` (Int32), `nums` (Float64) and `refs` (strings, bigints, symbols). Every
 * event is one head word, its operands, then its values; a value is a tag word, its operands, then nested
 * values. This file must not import anything.
 */

export const WIRE_VERSION = 2;

/**
 * An event carries at most this many values. More locals come as further VALUES events right behind, from the sites that follow the first
 * one in the function's record and have the same kind and line.
 */
export const MAX_EVENT_VALUES = 8;

/**
 * Event kinds: bits 0 to 4 of a head word. Bits 5 to 8 hold `n` and the bits above an operand; their meaning stands with each kind as
 * `[KIND n operand, further words]`. A span is named by its number in its root: 1, 2, 3 … in the order of ENTER and ENTER_AT events. One head word says
 * all that most events have to say: what is written per event is most of what recording costs.
 */
export const Op = {
  /** `[ENTER n fn]` + n values. Opens the next span under the top of the stack. */
  ENTER: 1,
  /** `[ENTER_AT n fn, parentSpan, link]` + n values. Opens the next span under `parentSpan` (0: the root). */
  ENTER_AT: 2,
  /** `[VALUES n site]` + n values: the bindings that `site` of the record of the function on top of the stack names. */
  VALUES: 3,
  /** `[EXIT n]` + a value if n is 1: the top of the stack returned; n = 2: it returned undefined. */
  EXIT: 4,
  /** `[THROW n, span, position, errorId]` + n values (0 or 1): the function threw. Pops like EXIT_AT. */
  THROW: 5,
  /** `[CLOSE, span]`: a generator ended without return or throw (its `return()` was called). Pops like EXIT_AT. */
  CLOSE: 6,
  /** `[SUSPEND why, span]`, why: a `Pause`. Pops down to and with `span`; the span stays open. */
  SUSPEND: 7,
  /** `[RESUME why, span]`: the span is on top of the stack again. */
  RESUME: 8,
  /** `[TIME]` + one number in `nums`: the clock, in ms since the segment's `timeOrigin`. Exact for the event that follows it. */
  TIME: 9,
  /** `[ANNOTATE, span]` + 1 value (span 0: the root). */
  ANNOTATE: 10,
  /** `[GAP]` + one number in `nums`: so many events are missing here. A STACK event follows. */
  GAP: 11,
  /**
   * `[STACK n count, nextSpan]` + count times `[span, fn, parentSpan, onStack]`: the open spans; first event of every chunk. With `onStack`
   * 0 also spans that are over, when later work hangs under them. n = 1: the stack is this one, whatever the events before said.
   */
  STACK: 12,
  /** `[ELIDED, fn, parentSpan]` + one number in `nums`: so many calls of `fn` were counted but not recorded. */
  ELIDED: 13,
  /** `[EMPTY]`: the stack is empty; a new run of the event loop may follow. */
  EMPTY: 14,
  /** `[VALUES_AT n site, span]` + n values: VALUES of a span that need not be on top. */
  VALUES_AT: 15,
  /** `[EXIT_AT n, span]`: EXIT of a span that need not be on top. Pops everything down to `span`. */
  EXIT_AT: 16,
  /** `[UNWIND, span]`: whatever was above `span` is off the stack without having ended; span 0: all is. */
  UNWIND: 17,
} as const;

/** Of a head word. `n` and operands are added with these shifts. */
export const OP_BITS = 31;
export const N_SHIFT = 5;
export const N_BITS = 15;
export const OPERAND_SHIFT = 9;
/** Functions and sites from this number on do not fit a head word: they are not recorded. */
export const MOST_OPERANDS: number = 2 ** 23;

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
  /** The integer is `n`, signed, 27 bits (never -0). */
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
  /** next word: the integer (never -0), when it does not fit INT. */
  INT_WIDE: 29,
  /** An object that was not looked into; not even its class is known. `n`: a `Form`, plus `FORM_BUDGET` when the governor said so. */
  FORM: 30,
} as const;

/** What can be told of an object without touching it. ARRAY is followed by a word: its length. */
export const Form = { OBJECT: 0, ARRAY: 1, FUNCTION: 2 } as const;
export const FORM_BUDGET = 4;

/** Why the content of a value was left out. BUDGET: the governor's decision. */
export const Cut = { DEPTH: 0, NODES: 1, BYTES: 2, ROOM: 3, BUDGET: 4 } as const;

/** One chunk: the columns and how much of each is used. */
export interface ChunkColumns {
  readonly ops: Int32Array;
  readonly nums: Float64Array;
  readonly refs: readonly unknown[];
  readonly opsLength: number;
  readonly numsLength: number;
  readonly refsLength: number;
}
