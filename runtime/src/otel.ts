/**
 * @captureflow/runtime/otel: CaptureFlow beside OpenTelemetry in one program. Roots hang under the spans that OpenTelemetry has there, so
 * that the trace of the services and the trace of the functions below one of them are one.
 */
import type { OtlpOptions } from '@captureflow/trace';
import { shared } from './instance.ts';
import type { OtelApi, OtelSpan, OtelSpanContext } from './otel-api.ts';
import { OtelSpanWriter } from './otel-spans.ts';
import type { ParentContext } from './traceparent.ts';

export interface BridgeOptions {
  /**
   * True, or how: kept traces become spans of OpenTelemetry's SDK, too, and go where its processors send them. Their ids are the SDK's. Default: false, since
   * `otlpExporter()` sends more of a trace and costs less.
   */
  readonly spans?: boolean | OtlpOptions;
}

/** One of the SDK's `spanProcessors`: it has to see the spans that requests get. */
export interface OpenTelemetryBridge {
  onStart(span: OtelSpan & { readonly kind?: number }): void;
  onEnd(): void;
  /** Hands over what has ended. */
  forceFlush(): Promise<void>;
  /** As `stop`. */
  shutdown(): Promise<void>;
  /** From here on roots hang under nothing of OpenTelemetry's. */
  stop(): void;
}

const SERVER = 1;
const SAMPLED = 1;
/** Traces that OpenTelemetry does not sample, the latest of them. */
const REMEMBERED_TRACES = 10_000;

/** Whose the bridge is now. */
let latest: unknown;

/** `api`: `import * as api from '@opentelemetry/api'`. One at a time: a second one takes the first one's place. */
export function bridgeOpenTelemetry(api: OtelApi, options: BridgeOptions = {}): OpenTelemetryBridge {
  const unsampled = new Set<string>();
  const parentOf = ({ traceId, spanId, traceFlags, traceState }: OtelSpanContext): ParentContext | undefined => {
    // What a tracer without an SDK makes.
    if (/^0*$/.test(traceId) || /^0*$/.test(spanId)) return undefined;
    const isSampled = (traceFlags & SAMPLED) !== 0;
    if (!isSampled) remember(unsampled, traceId);
    const state = traceState?.serialize();
    return { traceId, spanId, ...(isSampled ? {} : { sampled: false }), ...(state === undefined || state === '' ? {} : { state }) };
  };
  const active = (): ParentContext | undefined => {
    try {
      const span = api.trace.getActiveSpan();
      return span === undefined ? undefined : parentOf(span.spanContext());
    } catch {
      // Nothing of another tracer's may end the program through us.
      return undefined;
    }
  };
  const adopt = shared.api.bridge(active);
  latest = adopt;

  let isWriting = false;
  const removeListener =
    options.spans === undefined || options.spans === false
      ? () => {}
      : writeSpans(new OtelSpanWriter(api, options.spans === true ? {} : options.spans));

  function writeSpans(writer: OtelSpanWriter): () => void {
    return shared.api.onTrace((trace) => {
      if (unsampled.has(trace.traceId)) return;
      isWriting = true;
      try {
        writer.write(trace);
      } finally {
        isWriting = false;
      }
    });
  }

  const stop = (): void => {
    removeListener();
    if (latest === adopt) shared.api.bridge(undefined);
    isStopped = true;
  };
  let isStopped = false;

  return {
    // A request's root is there before OpenTelemetry knows of the request: the span comes second and is the nearer parent.
    onStart(span) {
      if (isStopped || isWriting || span.kind !== SERVER) return;
      const parent = parentOf(span.spanContext());
      if (parent !== undefined) adopt(parent);
    },
    onEnd() {},
    forceFlush: () => shared.api.flush(),
    shutdown() {
      stop();
      return Promise.resolve();
    },
    stop,
  };
}

function remember(set: Set<string>, id: string): void {
  if (set.has(id)) return;
  if (set.size >= REMEMBERED_TRACES)
    for (const oldest of set) {
      set.delete(oldest);
      break;
    }
  set.add(id);
}
