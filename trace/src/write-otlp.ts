/**
 * Traces as OpenTelemetry's `ExportTraceServiceRequest` in JSON, for any OTLP backend. What the format or the backends' limits cannot carry
 * is stated in the spans themselves; docs/formats.md has the table.
 */
import type { Trace } from './model.ts';
import { OtlpAttributes } from './otlp-attributes.ts';
import { Attribute } from './otlp-names.ts';
import { OtlpSpans } from './otlp-spans.ts';
import type { OtlpAttribute, OtlpRequest, OtlpResourceSpans, OtlpSpan } from './otlp.ts';
import { pruneSpans } from './prune-spans.ts';
import type { PruneOptions } from './prune-spans.ts';
import { isSampled } from './sample-trace.ts';
import type { SampleOptions } from './sample-trace.ts';

export interface OtlpOptions extends PruneOptions, SampleOptions {
  /** Bytes of UTF-8 that the text of an attribute may have, 64 at least. Default 2,000: Tempo truncates at 2,048. */
  readonly maxAttributeBytes?: number;
  /** Events that a span may have. Default 128, OpenTelemetry's own. */
  readonly maxEvents?: number;
  /** False: functions, times and errors only. Default true. */
  readonly values?: boolean;
  /** Where the full trace can be seen, undefined: nowhere; stands at the root and at each span of which something was cut. Default: nowhere. */
  traceUrl?(traceId: string): string | undefined;
  /** Further attributes of the resource; they win over the trace's own. */
  readonly resource?: Readonly<Record<string, string | number | boolean>>;
  /** Version of the recorder. Default: none is said. */
  readonly version?: string;
}

/** What of a trace was written, for writing the rest when late work was added to it. */
export interface SentSpans {
  /** Highest span number that was looked at. */
  readonly last: number;
  /** Of those, the spans that were not pruned. */
  readonly kept: ReadonlySet<number>;
  /** Of those, the spans that were open; 0: the root. */
  readonly open: ReadonlySet<number>;
}

const DEFAULT_ATTRIBUTE_BYTES = 2000;
const LEAST_ATTRIBUTE_BYTES = 64;
const DEFAULT_EVENTS = 128;
const SCOPE = '@captureflow/runtime';

/** Converts those of `traces` that `sampleRatio` lets pass. */
export function toOtlpJson(traces: readonly Trace[], options: OtlpOptions = {}): OtlpRequest {
  const sampled = traces.filter((trace) => isSampled(trace, options));
  return otlpRequest(
    sampled.map((trace) => ({ trace, spans: otlpSpans(trace, options).spans })),
    options,
  );
}

/**
 * The spans of one trace, the root first. With what an earlier call returned as `before`, only the spans that are new, and for those that
 * were open and have ended now, a continuation: a span under the first one with a link to it. A backend keeps what it got, so nothing is sent twice.
 */
export function otlpSpans(
  trace: Trace,
  options: OtlpOptions = {},
  before?: SentSpans,
): { readonly spans: readonly OtlpSpan[]; readonly sent: SentSpans } {
  const stream = streamOtlpSpans(trace, options, before);
  const spans: OtlpSpan[] = [];
  for (let next = stream.next(); ; next = stream.next()) {
    if (next.done === true) return { spans, sent: next.value };
    spans.push(next.value);
  }
}

/** The same, one span at a time: a million of them at once are a gigabyte. */
export function* streamOtlpSpans(trace: Trace, options: OtlpOptions = {}, before?: SentSpans): Generator<OtlpSpan, SentSpans, void> {
  const after = before?.last ?? 0;
  const { kept, anchorOf, pruned } = pruneSpans(trace, options, after, before?.kept);
  const writer = new OtlpSpans(trace, {
    maxAttributeBytes: Math.max(LEAST_ATTRIBUTE_BYTES, options.maxAttributeBytes ?? DEFAULT_ATTRIBUTE_BYTES),
    maxEvents: options.maxEvents ?? DEFAULT_EVENTS,
    values: options.values ?? true,
    ...(options.traceUrl === undefined ? {} : { traceUrl: options.traceUrl }),
  });
  const open = new Set<number>();
  if (before === undefined) yield writer.root(pruned.get(0));
  else if (before.open.has(0) && trace.duration !== undefined) yield writer.rootContinuation();
  if (trace.duration === undefined) open.add(0);
  for (const number of before?.open ?? []) {
    const span = trace.spans[number - 1];
    if (span === undefined) continue;
    if (span.outcome.kind === 'open') open.add(number);
    else yield writer.continuation(span);
  }
  for (const span of kept) {
    if (span.outcome.kind === 'open') open.add(span.number);
    yield writer.span(span, { anchor: anchorOf(span), pruned: pruned.get(span.number) });
  }
  const numbers = new Set(before?.kept);
  for (const { number } of kept) numbers.add(number);
  return { last: Math.max(after, trace.spans.length), kept: numbers, open };
}

/** One request out of the spans of several traces; those of one process share a resource. */
export function otlpRequest(
  parts: readonly { readonly trace: Trace; readonly spans: readonly OtlpSpan[] }[],
  options: Pick<OtlpOptions, 'resource' | 'version'> = {},
): OtlpRequest {
  const groups = new Map<string, { readonly trace: Trace; readonly spans: OtlpSpan[] }>();
  for (const { trace, spans } of parts) {
    if (spans.length === 0) continue;
    const { pid, service, runtime } = trace.process;
    const key = JSON.stringify([pid, service, runtime]);
    let group = groups.get(key);
    if (group === undefined) groups.set(key, (group = { trace, spans: [] }));
    for (const span of spans) group.spans.push(span);
  }
  const { version } = options;
  return {
    resourceSpans: [...groups.values()].map(
      ({ trace, spans }): OtlpResourceSpans => ({
        resource: { attributes: resourceAttributes(trace, options) },
        scopeSpans: [{ scope: { name: SCOPE, ...(version === undefined ? {} : { version }) }, spans }],
      }),
    ),
  };
}

function resourceAttributes(
  { process: { pid, service, runtime } }: Trace,
  { resource = {}, version }: Pick<OtlpOptions, 'resource' | 'version'>,
): readonly OtlpAttribute[] {
  const [name = '', runtimeVersion] = runtime.split(' ');
  const isNode = name === 'node';
  const all: Record<string, string | number | boolean | undefined> = {
    // OpenTelemetry's word where the name is not known.
    [Attribute.SERVICE]: service === '' ? 'unknown_service' : service,
    [Attribute.PID]: pid === 0 ? undefined : pid,
    [Attribute.RUNTIME]: isNode ? 'nodejs' : name === '' ? undefined : name,
    [Attribute.RUNTIME_VERSION]: isNode ? runtimeVersion?.replace(/^v/, '') : runtimeVersion,
    [Attribute.SDK_LANGUAGE]: pid === 0 ? 'webjs' : 'nodejs',
    [Attribute.SDK_NAME]: 'captureflow',
    [Attribute.SDK_VERSION]: version,
    ...resource,
  };
  // A resource is sent once a request: its texts need no bound.
  const attributes = new OtlpAttributes(Number.MAX_SAFE_INTEGER);
  for (const key of Object.keys(all)) attributes.plain(key, all[key]);
  return attributes.list;
}
