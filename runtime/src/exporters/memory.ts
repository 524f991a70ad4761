/** Keeps segments and builds traces when asked. For tests, and for programs that look at their own traces. */
import type { Trace } from '@captureflow/trace';
import type { EncodedSegment, ExportBatch, Exporter } from '../exporter.ts';
import { buildFrom } from './trace-assembler.ts';

export interface MemoryExporterOptions {
  /** Segments kept; the oldest go first. Default: 1,000. */
  readonly maxSegments?: number;
}

export interface MemoryExporter extends Exporter {
  /** What was exported so far, oldest first. Call `flush()` of the runtime before, or the last ones may be missing. */
  traces(): Trace[];
  segments(): readonly EncodedSegment[];
  clear(): void;
}

export function memoryExporter(options: MemoryExporterOptions = {}): MemoryExporter {
  const maxSegments = options.maxSegments ?? 1000;
  let kept: EncodedSegment[] = [];
  let dropped = 0;
  return {
    name: 'memory',
    export(batch: ExportBatch): void {
      kept.push(...batch.segments);
      if (kept.length <= maxSegments) return;
      dropped += kept.length - maxSegments;
      kept = kept.slice(-maxSegments);
    },
    flush: () => {},
    shutdown: () => {},
    traces: () => buildFrom(kept),
    segments: () => kept,
    clear(): void {
      kept = [];
    },
    stats: () => ({ waiting: kept.length, dropped }),
  };
}
