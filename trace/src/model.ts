/**
 * The trace model: what every reader (tree printer, viewer, exporters) works on. Plain data.
 * Must not know how it was recorded or stored.
 */
import type { Level } from './metadata.ts';
import type { RootKind } from './segment.ts';

/** A captured value. `kind` decides which other fields are there. */
export type Value =
  | { readonly kind: 'absent' | 'undefined' | 'null' | 'promise' | 'proxy' | 'redacted' | 'getter' | 'unreadable' }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'number'; readonly value: number }
  /** `length`: full length in UTF-16 units when the text was cut. */
  | { readonly kind: 'string'; readonly value: string; readonly length?: number }
  | { readonly kind: 'bigint'; readonly value: bigint }
  | { readonly kind: 'symbol'; readonly description: string }
  | { readonly kind: 'function'; readonly name: string; readonly form: 'function' | 'class' | 'async' | 'generator' | 'async generator' }
  /** `size`: number of own keys, of which `entries` shows the first. `id`: number within the snapshot, target of `reference`. */
  | {
      readonly kind: 'object';
      readonly id: number;
      readonly className: string;
      readonly size: number;
      readonly entries: readonly NamedValue[];
    }
  | {
      readonly kind: 'array' | 'set';
      readonly id: number;
      readonly className: string;
      readonly size: number;
      readonly items: readonly Value[];
    }
  | {
      readonly kind: 'map';
      readonly id: number;
      readonly className: string;
      readonly size: number;
      readonly pairs: readonly (readonly [Value, Value])[];
    }
  /** `time`: Unix ms, NaN when invalid. */
  | { readonly kind: 'date'; readonly time: number }
  | {
      readonly kind: 'error';
      readonly id: number;
      readonly className: string;
      readonly message: string;
      readonly entries: readonly NamedValue[];
    }
  | { readonly kind: 'regexp'; readonly source: string }
  /** `size`: bytes or elements, -1 when unknown. */
  | { readonly kind: 'opaque'; readonly className: string; readonly size: number }
  | { readonly kind: 'buffer'; readonly className: string; readonly size: number; readonly head: string }
  | { readonly kind: 'reference'; readonly id: number }
  /**
   * `className` '' when unknown, `size` -1. Reason `budget`: the governor's. Reason `hot`: one of very many calls of its function, others of
   * which show their objects whole. Both may know no more than that it is an object, 'Array' (then of any class) or 'Function'.
   */
  | {
      readonly kind: 'cut';
      readonly className: string;
      readonly size: number;
      readonly reason: 'depth' | 'nodes' | 'bytes' | 'room' | 'budget' | 'hot';
    };

export interface NamedValue {
  readonly name: string;
  readonly value: Value;
}

/** The static side of a span. */
export interface FunctionInfo {
  /** `module` + `#` + `name`: stable under edits elsewhere in the file. */
  readonly key: string;
  readonly name: string;
  /** Path from the project root, posix. */
  readonly module: string;
  /** 1-based. */
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly level: Level;
  readonly form: 'function' | 'arrow' | 'method' | 'getter' | 'setter' | 'constructor' | 'static block';
  readonly async: boolean;
  readonly generator: boolean;
  readonly parameters: readonly string[];
  /** Declared types of the parameters and of the return value, where recorded. */
  readonly types?: readonly (string | null)[];
}

/** How a span hangs under its parent. Everything but `call` was not a plain synchronous call. */
export type SpanLink = 'call' | 'lexical' | 'root' | 'loop' | 'delegate' | 'top';

export type Outcome =
  /** `line`: of the return, 1-based, known where locals were recorded. */
  | { readonly kind: 'returned'; readonly value?: Value; readonly line?: number }
  /** `errorId`: the same for the same error within a trace; 0: unknown. */
  | { readonly kind: 'threw'; readonly error?: Value; readonly errorId: number }
  /** A generator that its consumer closed. */
  | { readonly kind: 'closed' }
  /** No end was seen: still running when the trace was written. */
  | { readonly kind: 'open' };

export interface LineEvent {
  readonly line: number;
  readonly time: number;
  readonly changed: readonly NamedValue[];
}

export interface Suspension {
  readonly kind: 'await' | 'yield' | 'delegate' | 'loop';
  readonly from: number;
  /** Undefined: never resumed. */
  readonly to?: number;
}

export interface Span {
  /** 1, 2, 3 … within the trace, in order of start and without holes; 0 is the root. */
  readonly number: number;
  /** 16 hex digits. */
  readonly spanId: string;
  readonly parent: number;
  readonly link: SpanLink;
  readonly function: FunctionInfo;
  /** ms since the trace's start. Events between two readings of the clock are spread evenly over the time between them. */
  readonly start: number;
  readonly end?: number;
  /** ms by which `end - start` (of an open span: `start`) may be off. 0: the clock was read at both. */
  readonly timeError: number;
  readonly args: readonly NamedValue[];
  readonly outcome: Outcome;
  /** Locals at the exit or throw; undefined when not recorded. */
  readonly locals?: readonly NamedValue[];
  readonly lines: readonly LineEvent[];
  readonly suspensions: readonly Suspension[];
  readonly annotations: readonly Value[];
  /** Numbers of the child spans, in order of their start. */
  readonly children: readonly number[];
  /** Calls of functions under this span that were counted but not recorded. */
  readonly elided: readonly ElidedCalls[];
}

export interface ElidedCalls {
  readonly function: FunctionInfo;
  readonly count: number;
}

export interface Gap {
  /** Number of the last span before it; 0: none. */
  readonly afterSpan: number;
  readonly events: number;
  /** Spans that began in it; undefined when nothing that follows tells. */
  readonly spans?: number;
}

export interface Trace {
  readonly traceId: string;
  readonly root: {
    readonly kind: RootKind;
    readonly name: string;
    readonly attributes: Readonly<Record<string, unknown>>;
    readonly spanId: string;
    readonly parent?: { readonly traceId: string; readonly spanId: string };
    readonly error?: { readonly type: string; readonly message: string };
    readonly annotations: readonly Value[];
  };
  /** Unix ms, fractional. */
  readonly startTime: number;
  /** ms; undefined while the root has not ended. */
  readonly duration?: number;
  readonly process: { readonly pid: number; readonly threadId: number; readonly service: string; readonly runtime: string };
  /** Index i holds span number i + 1. */
  readonly spans: readonly Span[];
  /** Numbers of the spans directly under the root. */
  readonly children: readonly number[];
  /** Like `Span.elided`, directly under the root. */
  readonly elided: readonly ElidedCalls[];
  /** Events lost in the middle (ring), and every other loss by cause. */
  readonly gaps: readonly Gap[];
  readonly dropped: Readonly<Record<string, number>>;
  /** Why the flight recorder kept this trace (`threw`, `slow`, `rare`, `sample`, `asked`, `callback`); undefined: all were kept. */
  readonly kept?: string;
  /** Other roots that were not kept before this one, since the last that was, by cause. */
  readonly rootsDropped?: Readonly<Record<string, number>>;
}
