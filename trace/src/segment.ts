/**
 * A segment is what a root hands over when it is kept: self-contained, decodable without any other file.
 * Contract (e) of ARCHITECTURE.md. Types only; `encode-segment.ts` and `decode-segment.ts` do the work.
 */
import type { FunctionRecord } from './metadata.ts';
import type { ChunkColumns } from './wire.ts';

/** A function as a segment names it: `id` is the number that ENTER events carry. */
export interface SegmentFunction {
  readonly id: number;
  readonly module: string;
  /** `null` when only a manifest knows the record: then `hash` and `index` find it there. */
  readonly record: FunctionRecord | null;
  readonly hash?: string;
  readonly index?: number;
}

/** Kind of a root. `script`: the whole program; `task`: work that belongs to no other root. */
export type RootKind = 'event' | 'http' | 'run' | 'script' | 'task' | 'test';

export interface SegmentHeader {
  /** WIRE_VERSION. */
  readonly v: number;
  /** 32 hex digits. */
  readonly traceId: string;
  /** 16 hex digits; span number n has this id plus n (modulo 2^64). Span 0 is the root itself. */
  readonly spanBase: string;
  /** 0 for the first segment of a trace, then 1, 2 … for work that arrived after its root had ended. */
  readonly part: number;
  readonly root: {
    readonly kind: RootKind;
    readonly name: string;
    /** JSON values only. */
    readonly attributes: Readonly<Record<string, unknown>>;
    /** W3C parent, when a `traceparent` came in. */
    readonly parent?: { readonly traceId: string; readonly spanId: string };
  };
  /** Unix ms (fractional) of clock value 0. */
  readonly timeOrigin: number;
  /** Clock of the root's start and end, in ms; `end` null: written before the root ended (crash, exit). */
  readonly start: number;
  readonly end: number | null;
  /** The error that ended the root, as text; absent: none. */
  readonly error?: { readonly type: string; readonly message: string };
  readonly process: { readonly pid: number; readonly threadId: number; readonly service: string; readonly runtime: string };
  /** What this part of the trace lost, by cause; readers add up the parts. */
  readonly dropped: Readonly<Record<string, number>>;
  /** Why the flight recorder kept this trace; absent: all are kept, or the recorder was not asked. */
  readonly kept?: string;
  /** Roots (parts of roots) that were not kept since the last one that was, by cause. */
  readonly rootsDropped?: Readonly<Record<string, number>>;
  readonly functions: readonly SegmentFunction[];
}

export interface Segment {
  readonly header: SegmentHeader;
  readonly chunks: readonly ChunkColumns[];
}
