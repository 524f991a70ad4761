/**
 * A trace as the page reads it: columns of numbers, one entry a span, so that a million spans are a few typed arrays and no objects.
 * Types and numbers only; `write-view-file.ts` and `read-view-file.ts` do the work.
 */
import type { ElidedCalls, FunctionInfo, LineEvent, NamedValue, Outcome, SpanLink, Suspension, Trace, Value } from './model.ts';

export const VIEW_VERSION = 1;

/** Bits of `TraceColumns.flags`. */
export const SpanFlag = {
  THREW: 1,
  /** A generator that its consumer closed. */
  CLOSED: 2,
  /** No end was seen. */
  OPEN: 4,
  /** The function is async. */
  ASYNC: 8,
  /** Has suspensions, which are in `SuspensionColumns`. */
  SUSPENDED: 16,
  /** Has line events. */
  LINES: 32,
  /** Has locals. */
  LOCALS: 64,
  ANNOTATED: 128,
  /** Has calls that were counted only. */
  ELIDED: 256,
  /** `SPAN_LINKS` index in three bits from here. */
  LINK_SHIFT: 9,
  LINK_MASK: 7,
  /** Threw, and no child threw the same error: where it came from. Only beside THREW. */
  ORIGIN: 4096,
} as const;

export const SPAN_LINKS: readonly SpanLink[] = ['call', 'lexical', 'root', 'loop', 'delegate', 'top'];
export const SUSPENSION_KINDS: readonly Suspension['kind'][] = ['await', 'yield', 'delegate', 'loop'];

/** Index = span number - 1; parents before children. Hostile input aside, in order of start. */
export interface TraceColumns {
  readonly count: number;
  /** ms since the trace's start. */
  readonly start: Float64Array;
  /** ms; NaN: open. */
  readonly end: Float64Array;
  /** Index of the parent, always lower than the span's own; -1: the root. */
  readonly parent: Int32Array;
  /** Into `ViewHeader.functions`. */
  readonly functionIndex: Uint32Array;
  /** `SpanFlag` bits. */
  readonly flags: Uint16Array;
}

/** Every suspension of every span, in order of the spans; empty for most traces. */
export interface SuspensionColumns {
  readonly count: number;
  /** Index of the span. */
  readonly span: Uint32Array;
  readonly from: Float64Array;
  /** NaN: never resumed. */
  readonly to: Float64Array;
  /** Into `SUSPENSION_KINDS`. */
  readonly kind: Uint8Array;
}

/** What stands in the file as JSON. Values of the root's annotations are packed there, and unpacked here. */
export interface ViewHeader
  extends Pick<Trace, 'traceId' | 'root' | 'startTime' | 'duration' | 'process' | 'gaps' | 'dropped' | 'kept' | 'rootsDropped' | 'elided'> {
  readonly version: number;
  readonly functions: readonly FunctionInfo[];
  /** Spans a detail block, a power of two. */
  readonly blockSize: number;
  /** Where each block is in a whole file (gzip); length 0: not in this file. */
  readonly blocks: readonly { readonly offset: number; readonly length: number }[];
}

/** What the page shows of one span beside its numbers. */
export interface SpanDetails {
  /** 16 hex digits. */
  readonly spanId: string;
  readonly timeError: number;
  readonly args: readonly NamedValue[];
  readonly outcome: Outcome;
  readonly locals?: readonly NamedValue[];
  readonly lines: readonly LineEvent[];
  readonly suspensions: readonly Suspension[];
  readonly annotations: readonly Value[];
  readonly elided: readonly ElidedCalls[];
}

export interface ViewFile {
  readonly header: ViewHeader;
  readonly columns: TraceColumns;
  readonly suspensions: SuspensionColumns;
  /** Numbers that made no sense (a parent that is not before its child, an unknown function) and were replaced. */
  readonly repaired: number;
  /** The whole file, when blocks are in it; undefined: they are fetched one by one. */
  readonly bytes?: Uint8Array;
}
