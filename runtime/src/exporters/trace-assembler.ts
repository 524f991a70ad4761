/**
 * From segments to traces, for exporters that show them. Late work of a root arrives as a further part: the trace is then
 * built again from all its parts, so the last parts of the latest traces are kept, bounded.
 */
import { buildTraces, decodeHeader, decodeSegment } from '@captureflow/trace';
import type { Trace } from '@captureflow/trace';
import type { EncodedSegment } from '../exporter.ts';

export class TraceAssembler {
  readonly #maxTraces: number;
  readonly #maxBytes: number;
  /** In the order of arrival of their first part. */
  readonly #parts: Map<string, EncodedSegment[]> = new Map();
  readonly #onForget: ((traceId: string) => void) | undefined;
  #bytes: number = 0;

  /** `onForget` hears of traces whose parts are given up: what comes of them later is built without those. */
  constructor(maxTraces: number = 64, maxBytes: number = 16 * 1024 * 1024, onForget?: (traceId: string) => void) {
    this.#maxTraces = maxTraces;
    this.#maxBytes = maxBytes;
    this.#onForget = onForget;
  }

  /** The roots that `segments` belong to, with all of their parts, each once, in the order of their trace's last segment. */
  add(segments: readonly EncodedSegment[]): Trace[] {
    const touched = new Set<string>();
    for (const segment of segments) {
      const parts = this.#parts.get(segment.traceId);
      if (parts === undefined) this.#parts.set(segment.traceId, [segment]);
      else parts.push(segment);
      this.#bytes += segment.bytes.length;
      touched.delete(segment.traceId);
      touched.add(segment.traceId);
    }
    // Other roots of the same trace (`traceparent`) were told before.
    const roots = new Set(segments.map(({ bytes }) => decodeHeader(bytes).spanBase));
    const traces = [...touched].flatMap((traceId) =>
      buildFrom(this.#parts.get(traceId) ?? []).filter(({ root }) => roots.has(root.spanId)),
    );
    this.#trim();
    return traces;
  }

  #trim(): void {
    for (const [traceId, parts] of this.#parts) {
      if (this.#parts.size <= this.#maxTraces && this.#bytes <= this.#maxBytes) return;
      this.#parts.delete(traceId);
      this.#onForget?.(traceId);
      for (const part of parts) this.#bytes -= part.bytes.length;
    }
  }
}

/** The traces in `segments`, which may belong to several. */
export function buildFrom(segments: readonly EncodedSegment[]): Trace[] {
  return buildTraces(segments.map((segment) => decodeSegment(segment.bytes)));
}
