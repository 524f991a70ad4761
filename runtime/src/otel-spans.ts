/**
 * Traces as spans of OpenTelemetry's own SDK, for programs whose processors and exporters are to see them. What a span holds is decided where OTLP
 * is written; ids are the SDK's, which lets nobody choose them.
 */
import { otlpSpans } from '@captureflow/trace';
import type { OtlpAttribute, OtlpOptions, OtlpSpan, OtlpValue, SentSpans, Trace } from '@captureflow/trace';
import type { OtelApi, OtelAttributes, OtelAttributeValue, OtelCalls, OtelContext, OtelTime } from './otel-api.ts';

/** Spans of traces that may still get late work. */
const REMEMBERED_SPANS = 20_000;

/** `SpanKind` of the API counts from 0, that of OTLP from 1. */
const INTERNAL = 0;

interface Made {
  readonly sent: SentSpans;
  /** By our span's id. */
  readonly contexts: Map<string, OtelContext>;
}

export class OtelSpanWriter {
  readonly #api: OtelCalls;
  readonly #options: OtlpOptions;
  /** By the root's span id, the latest last. */
  readonly #made: Map<string, Made> = new Map();
  #spans: number = 0;

  constructor(api: OtelApi, options: OtlpOptions) {
    this.#api = api as OtelCalls;
    this.#options = options;
  }

  /** Makes the spans that are new since the last time this trace was written. */
  write(trace: Trace): void {
    const id = trace.root.spanId;
    const before = this.#made.get(id);
    const { spans, sent } = otlpSpans(trace, this.#options, before?.sent);
    const contexts = before?.contexts ?? new Map<string, OtelContext>();
    const tracer = this.#api.trace.getTracer('@captureflow/runtime');
    // Parents come first.
    for (const span of spans) {
      const made = tracer.startSpan(
        span.name,
        {
          // A request under somebody's span is not a second request.
          kind: span.parentSpanId === undefined ? span.kind - 1 : INTERNAL,
          startTime: timeOf(span.startTimeUnixNano),
          attributes: attributesOf(span.attributes),
        },
        this.#parentOf(span, contexts),
      );
      contexts.set(span.spanId, this.#api.trace.setSpan(this.#api.ROOT_CONTEXT, made));
      for (const event of span.events ?? []) made.addEvent(event.name, attributesOf(event.attributes ?? []), timeOf(event.timeUnixNano));
      if (span.status?.code !== undefined) {
        made.setStatus({ code: span.status.code, ...(span.status.message === undefined ? {} : { message: span.status.message }) });
      }
      made.end(timeOf(span.endTimeUnixNano));
    }
    this.#remember(id, { sent, contexts }, spans.length);
  }

  #parentOf(span: OtlpSpan, contexts: ReadonlyMap<string, OtelContext>): OtelContext {
    const { traceId, parentSpanId } = span;
    if (parentSpanId === undefined) return this.#api.ROOT_CONTEXT;
    return (
      contexts.get(parentSpanId) ??
      this.#api.trace.setSpanContext(this.#api.ROOT_CONTEXT, { traceId, spanId: parentSpanId, traceFlags: 1, isRemote: true })
    );
  }

  #remember(id: string, made: Made, added: number): void {
    this.#made.delete(id);
    this.#made.set(id, made);
    this.#spans += added;
    for (const [oldest, { contexts }] of this.#made) {
      if (this.#spans <= REMEMBERED_SPANS || oldest === id) break;
      this.#made.delete(oldest);
      this.#spans -= contexts.size;
    }
  }
}

function timeOf(nanoseconds: string): OtelTime {
  const time = BigInt(nanoseconds);
  return [Number(time / 1_000_000_000n), Number(time % 1_000_000_000n)];
}

function attributesOf(list: readonly OtlpAttribute[]): OtelAttributes {
  const attributes: OtelAttributes = {};
  for (const { key, value } of list) attributes[key] = plain(value);
  return attributes;
}

function plain(value: OtlpValue): OtelAttributeValue {
  if (value.stringValue !== undefined) return value.stringValue;
  if (value.boolValue !== undefined) return value.boolValue;
  if (value.intValue !== undefined) return Number(value.intValue);
  if (value.doubleValue !== undefined) return Number(value.doubleValue);
  // The API takes lists of one type only; what is deeper, or mixed, is shown as text.
  return JSON.stringify(
    value.arrayValue?.values?.map(plain) ??
      Object.fromEntries((value.kvlistValue?.values ?? []).map((each) => [each.key, plain(each.value)])),
  );
}
