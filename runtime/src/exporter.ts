/**
 * Contract (f) of ARCHITECTURE.md: where finished traces go. Types only.
 *
 * An exporter gets encoded segments, in the order in which their roots were handed over. It may work
 * synchronously or return a promise; a throw or a rejection is counted in `stats()` and reaches nobody else.
 * At the exit of the process `export` and `flush` are called a last time and only their synchronous part runs.
 */
import type { RootKind } from '@captureflow/trace/segment';

/** One part of a trace. Several parts of one `traceId` make one trace: work that arrived after its root had ended. */
export interface EncodedSegment {
  /** 32 hex digits. */
  readonly traceId: string;
  /** 0, then 1, 2 … */
  readonly part: number;
  readonly kind: RootKind;
  /** Name of the root. */
  readonly name: string;
  /** False: written before the root had ended (exit, stop). */
  readonly ended: boolean;
  /** `encodeSegment` of @captureflow/trace, not framed. Must not be changed. A view: other segments may stand in the same buffer. */
  readonly bytes: Uint8Array;
}

export interface ExportBatch {
  readonly segments: readonly EncodedSegment[];
}

export interface Exporter {
  /** Shown in `stats()` and in warnings. */
  readonly name: string;
  /**
   * True: where traces come fast, each waits up to 10 ms for others, so that a busy server pays for one delivery and not for hundreds. Default: they come at
   * the end of the turn of the event loop in which they ended. Of several exporters the least patient counts.
   */
  readonly patient?: boolean;
  /** `deadline`: Unix ms after which nobody waits any more. */
  export(batch: ExportBatch, deadline: number): void | Promise<void>;
  flush(deadline: number): void | Promise<void>;
  /** Called once, after the last `export`. */
  shutdown(deadline: number): void | Promise<void>;
  /** The process is about to end and nothing asynchronous runs any more: what was not delivered can be put away. After the last `flush`. */
  exit?(): void;
  /** The page is hidden and may end without another word: what can be sent at once is sent. It may come back. */
  hide?(): void;
  /** What this exporter holds or lost, by cause; merged into `stats()`. */
  stats?(): Readonly<Record<string, number>>;
}
