/**
 * What the recorder is told when it starts and what it tells in return. Types and defaults only: the
 * lifecycle side (options, environment, exporters) and the hot path both code against this file.
 */
import type { Level } from '@captureflow/trace/metadata';
import type { RootKind, Segment, SegmentHeader } from '@captureflow/trace/segment';
import type { KeepReason } from './keep-policy.ts';
import type { RedactionRules } from './redaction-rules.ts';
import type { ParentContext } from './traceparent.ts';

/** Bounds of one snapshot. What is over a bound is marked as cut, with its full size. */
export interface CaptureLimits {
  /** Levels of nested objects: 1 shows an object's own fields and no deeper. */
  readonly depth: number;
  /** Keys of an object, entries of a Map. */
  readonly fields: number;
  /** Elements of an array or a Set. */
  readonly elements: number;
  /** UTF-16 units of a string. */
  readonly string: number;
  /** Values in one snapshot, nested ones counted. */
  readonly nodes: number;
  /** Rough bytes of one snapshot. */
  readonly bytes: number;
}

/** Datadog's defaults for the first four. */
export const DEFAULT_LIMITS: CaptureLimits = { depth: 3, fields: 20, elements: 100, string: 255, nodes: 300, bytes: 16_384 };

/** 64 MB of chunks. */
export const DEFAULT_MAX_BYTES: number = 64 * 1024 * 1024;

/** What a root is called when it is opened. */
export interface RootMeta {
  readonly kind: RootKind;
  readonly name: string;
  /** JSON values only. Copied; add more later through `Root.attributes`. */
  readonly attributes?: Readonly<Record<string, unknown>>;
  /** From an incoming W3C `traceparent`: the trace id is taken over. */
  readonly parent?: ParentContext;
}

/** An open or ended root. Everything that is not here belongs to the recorder. */
export interface Root {
  readonly kind: RootKind;
  /** May be changed until `endRoot`. */
  name: string;
  /** JSON values only; may be filled until `endRoot`. */
  readonly attributes: Record<string, unknown>;
  /** 32 hex digits; made at the first read. */
  readonly traceId: string;
  /** 16 hex digits: the id of span 0, the root itself; made at the first read. */
  readonly spanId: string;
  /** Who caused this root, as it was opened with. */
  readonly parent?: ParentContext | undefined;
  /** True from `endRoot` on; late work does not make it false again. */
  readonly ended: boolean;
  /** Asks for this root to be kept, whatever else the policy says (reason `asked`). */
  keep(): void;
}

/** What `keep` decides by and what comes with a segment. Times in ms. */
export interface RootSummary {
  readonly root: Root;
  /** 0, then 1, 2 … for work that arrived after the root had ended. */
  readonly part: number;
  /** False: written before the root ended (flush, exit). */
  readonly ended: boolean;
  readonly duration: number;
  /** Spans opened in this part. */
  readonly spans: number;
  /** Functions that threw in this part, each span counted. */
  readonly throws: number;
  /** `endRoot` was given an error, or the attribute `error.type` was set. */
  readonly failed: boolean;
  /** Events lost from this part, all causes. */
  readonly droppedEvents: number;
  /** `Root.keep()` was called, or the request had the header `x-captureflow: keep`. */
  readonly asked: boolean;
  /** A function that had run fewer than 8 times, or not for a minute, ran in this part. */
  readonly rare: boolean;
  /** An earlier part of the root was kept. */
  readonly earlierKept: boolean;
}

/** Keeps a segment's chunks from being used again until what it returns is called. They count as in use meanwhile. */
export type Borrow = () => () => void;

export interface RecorderConfig {
  readonly level: Level;
  readonly limits: CaptureLimits;
  /** Bound of the chunks in use and of the strings they hold, in bytes. */
  readonly maxBytes: number;
  /** Bound of one root's chunks; over it the head and a ring of the tail are kept. Default: half of the pool. */
  readonly maxChunksPerRoot?: number;
  /**
   * 'sampled' (default): objects are looked into in the first 32 calls of a function, in its first call in each root, and as often as the calls between
   * pay for (`sampled-objects.ts`); the first two while there is time for it. Elsewhere a value only says that it is an object. 'all': in every call. With a governor in every call that it can afford.
   */
  readonly objects?: 'sampled' | 'all';
  /** Called once for each part of a root, before anything is encoded: 'drop', or why not. A throw counts as 'keep'. */
  readonly keep: (summary: RootSummary) => 'keep' | 'drop' | KeepReason;
  /**
   * Takes a kept segment. Its chunks are lent: encode them before returning, then they are used again; or call `borrow`, and what it returns when you are done.
   * A throw is counted under `listener` and goes no further.
   */
  readonly onSegment: (segment: Segment, summary: RootSummary, borrow: Borrow) => void;
  readonly processInfo: SegmentHeader['process'];
  /** 'sampled' (default): read at the points that DESIGN.md section 4 names. 'precise': at every enter, exit and throw. */
  readonly clock?: 'sampled' | 'precise';
  /** Ms since `timeOrigin`, never decreasing. Default: `performance.now()`. For tests. */
  readonly now?: () => number;
  /** Unix ms of clock value 0. Default: `performance.timeOrigin`. */
  readonly timeOrigin?: number;
  /** What the program itself wants hidden and shown, beside the built-in rules. */
  readonly redact?: RedactionRules;
  /** False: without the built-in rules. */
  readonly redactDefaults?: boolean;
  /** Share of processor time that recording may take above its floor, over 0 to 1. Default and 1: no governor. */
  readonly budget?: number;
  /** Processor time of the program in ms. Default: what the host says. For tests. */
  readonly processorTime?: () => number;
  /** Mark roots in which a function ran that seldom runs (`RootSummary.rare`). Default: false. */
  readonly watchRare?: boolean;
  /** Keep only a few calls of each function and of each of its outcomes (`examples.ts`). Default: false. */
  readonly examples?: boolean;
  /** Name of the implicit root that covers the program. Default: 'script'. */
  readonly scriptName?: string;
  /** Who started the program. */
  readonly scriptParent?: ParentContext;
}

/** Counters since the first start. */
export interface RecorderStats {
  readonly on: boolean;
  /** Calls of instrumented functions while on, recorded or not. */
  readonly calls: number;
  readonly spans: number;
  readonly events: number;
  readonly rootsOpened: number;
  readonly rootsOpen: number;
  readonly segmentsKept: number;
  readonly segmentsDropped: number;
  readonly openSpans: number;
  readonly functions: number;
  readonly chunksInUse: number;
  readonly chunksAllocated: number;
  readonly chunkBytes: number;
  /**
   * Losses by cause: `staleToken`, `tableFull`, `poolFull` (events), `ring` (events), `listener` (throws of
   * `onSegment`), `reentered` (probes during a capture), `capture` (values whose capture threw),
   * `stackOverflow` (events for which the stack had no room), `redaction` (throws and wrong answers of the program's rules for what is hidden).
   */
  readonly dropped: Readonly<Record<string, number>>;
}
