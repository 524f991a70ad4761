/** OTLP over HTTP, in JSON: segments into requests, and what a backend answers. What becomes what: docs/formats.md. */
import { isSampled, otlpRequest, otlpSpans, plainJson } from '@captureflow/trace';
import type { OtlpOptions, OtlpSpan, SentSpans, Trace } from '@captureflow/trace';
import type { EncodedSegment } from '../exporter.ts';
import type { Parcel, Protocol } from '../shipping/protocol.ts';
import type { Answer } from '../shipping/retry.ts';
import { TraceAssembler } from './trace-assembler.ts';

/** Can be cloned. */
export interface OtlpSpec {
  readonly kind: 'otlp';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly options: Omit<OtlpOptions, 'traceUrl'>;
}

/** Bytes of JSON in one request; OTLP receivers take 64 MiB at the most, hosted ones far less. */
const MOST_BODY_BYTES = 4 * 1024 * 1024;
/** Traces whose parts are remembered, for late work. After that, late work comes with its root once more. */
const REMEMBERED = 256;
const REMEMBERED_BYTES = 16 * 1024 * 1024;

interface Part {
  readonly trace: Trace;
  readonly spans: readonly OtlpSpan[];
  readonly segments: EncodedSegment[];
}

export class OtlpProtocol implements Protocol {
  readonly name: string = 'otlp';
  readonly headers: Readonly<Record<string, string>>;
  readonly #url: string;
  readonly #options: OtlpOptions;
  readonly #assembler: TraceAssembler = new TraceAssembler(REMEMBERED, REMEMBERED_BYTES, (traceId) => this.#sent.delete(traceId));
  /** By trace id and by the root's span id. */
  readonly #sent: Map<string, Map<string, SentSpans>> = new Map();
  #notSampled: number = 0;

  constructor({ url, headers, options }: OtlpSpec, traceUrl: (traceId: string) => string | undefined) {
    this.#url = url;
    this.headers = headers;
    this.#options = { ...options, traceUrl };
  }

  parcels(segments: readonly EncodedSegment[]): Parcel[] {
    const bySpanBase = new Map<string, EncodedSegment[]>();
    for (const segment of segments) {
      const group = bySpanBase.get(segment.traceId);
      if (group === undefined) bySpanBase.set(segment.traceId, [segment]);
      else group.push(segment);
    }
    const parts: Part[] = [];
    for (const trace of this.#assembler.add(segments)) {
      // Several roots may share a trace id (`traceparent`): its segments go with the first of them.
      const own = bySpanBase.get(trace.traceId) ?? [];
      bySpanBase.delete(trace.traceId);
      const spans = this.#newSpans(trace);
      if (spans.length > 0) parts.push({ trace, spans, segments: own });
    }
    return this.#bodies(parts);
  }

  rejected(answer: Answer): { readonly count: number; readonly message: string } | undefined {
    try {
      const { partialSuccess } = JSON.parse(answer.body) as { partialSuccess?: { rejectedSpans?: string | number; errorMessage?: string } };
      const count = Number(partialSuccess?.rejectedSpans ?? 0);
      const message = partialSuccess?.errorMessage ?? '';
      return count > 0 || message !== '' ? { count: Number.isFinite(count) ? count : 0, message: String(message) } : undefined;
    } catch {
      // Whatever a receiver says with a 2xx, it took it.
      return undefined;
    }
  }

  stats(): Readonly<Record<string, number>> {
    return { notSampled: this.#notSampled };
  }

  #newSpans(trace: Trace): readonly OtlpSpan[] {
    const { traceId, root } = trace;
    const roots = this.#sent.get(traceId) ?? new Map<string, SentSpans>();
    const before = roots.get(root.spanId);
    if (before === undefined && !isSampled(trace, this.#options)) {
      this.#notSampled++;
      return [];
    }
    const { spans, sent } = otlpSpans(trace, this.#options, before);
    this.#sent.set(traceId, roots.set(root.spanId, sent));
    return spans;
  }

  #bodies(parts: readonly Part[]): Parcel[] {
    if (parts.length === 0) return [];
    const body = new TextEncoder().encode(plainJson(otlpRequest(parts, this.#options)));
    if (parts.length === 1 || body.length <= MOST_BODY_BYTES) {
      const segments = parts.flatMap((part) => part.segments);
      return [{ url: this.#url, body, segments, ...(parts.length === 1 ? {} : { split: () => this.#halves(parts) }) }];
    }
    return this.#halves(parts);
  }
  #halves(parts: readonly Part[]): Parcel[] {
    const half = parts.length >> 1;
    return [...this.#bodies(parts.slice(0, half)), ...this.#bodies(parts.slice(half))];
  }
}
