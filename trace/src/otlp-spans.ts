/** The spans of one trace in OTLP. What they hold is decided here; how values and events look, in their own files. */
import type { ElidedCalls, Span, Trace, Value } from './model.ts';
import { OtlpAttributes } from './otlp-attributes.ts';
import { describeThrown, OtlpEvents } from './otlp-events.ts';
import type { SpanEvents } from './otlp-events.ts';
import { Attribute } from './otlp-names.ts';
import { SpanFlag, SpanKind, StatusCode } from './otlp.ts';
import type { OtlpLink, OtlpSpan } from './otlp.ts';
import type { PrunedCount } from './prune-spans.ts';
import { hasRootError } from './sample-trace.ts';
import { unixNano } from './unix-nano.ts';

export interface OtlpSpanOptions {
  /** Bytes that an attribute's text may have. */
  readonly maxAttributeBytes: number;
  readonly maxEvents: number;
  /** False: no arguments, return values, locals, annotations and changed variables. */
  readonly values: boolean;
  traceUrl?(traceId: string): string | undefined;
}

/** Where a span hangs, and what was left out under it. */
export interface SpanPlace {
  readonly anchor: number;
  readonly pruned: PrunedCount | undefined;
}

export class OtlpSpans {
  private readonly trace: Trace;
  private readonly options: OtlpSpanOptions;
  private readonly events: OtlpEvents;
  /** ms since the start; where spans that did not end are closed. */
  private readonly latest: number;
  private readonly url: string | undefined;

  constructor(trace: Trace, options: OtlpSpanOptions) {
    this.trace = trace;
    this.options = options;
    this.events = new OtlpEvents(trace, options.maxAttributeBytes, options.maxEvents);
    this.latest = latestTime(trace);
    this.url = options.traceUrl?.(trace.traceId);
  }

  root(pruned: PrunedCount | undefined): OtlpSpan {
    const { root, duration, process } = this.trace;
    const end = duration ?? this.latest;
    const attributes = this.attributes().text(Attribute.ROOT_KIND, root.kind);
    for (const key of Object.keys(root.attributes)) attributes.plain(key, root.attributes[key]);
    if (root.error !== undefined && root.attributes[Attribute.ERROR_TYPE] === undefined) {
      attributes.text(Attribute.ERROR_TYPE, root.error.type || '_OTHER');
    }
    if (process.threadId !== 0) attributes.int(Attribute.THREAD, process.threadId);
    if (duration === undefined) attributes.text(Attribute.OUTCOME, 'open');
    this.addAnnotations(attributes, root.annotations);
    this.addLosses(attributes);
    addElided(attributes, this.trace.elided);
    addPruned(attributes, pruned);
    const { events, dropped, cut } = this.events.ofRoot(end);
    // Always: this is where people look for the way to the whole trace.
    if (this.url !== undefined) attributes.text(Attribute.TRACE_URL, this.url);
    const remote = root.parent === undefined ? 0 : SpanFlag.IS_REMOTE;
    return {
      traceId: this.trace.traceId,
      spanId: root.spanId,
      ...(root.parent === undefined ? {} : { parentSpanId: root.parent.spanId }),
      flags: FLAGS | remote,
      name: root.name,
      kind: root.kind === 'http' ? SpanKind.SERVER : SpanKind.INTERNAL,
      startTimeUnixNano: this.time(0),
      endTimeUnixNano: this.time(end),
      ...withEvents(attributes, { events, dropped, cut }),
      status: hasRootError(this.trace) ? this.error(root.error?.message ?? '') : {},
    };
  }

  span(span: Span, { anchor, pruned }: SpanPlace): OtlpSpan {
    const { outcome, link } = span;
    const attributes = this.functionAttributes(span);
    if (link !== 'call') attributes.text(Attribute.LINK, link);
    if (outcome.kind === 'closed' || outcome.kind === 'open') attributes.text(Attribute.OUTCOME, outcome.kind);
    if (span.timeError > 0) attributes.double(Attribute.TIME_ERROR, span.timeError);
    addElided(attributes, span.elided);
    addPruned(attributes, pruned);
    if (this.options.values && span.args.length > 0) attributes.named(Attribute.ARGS, span.args);
    return this.finish(span, span.spanId, this.spanIdOf(anchor), span.start, attributes);
  }

  /** What a span that was sent as open did until its end: a span of its own under it, because a span that was sent is not sent again. */
  continuation(span: Span): OtlpSpan {
    const { traceId } = this.trace;
    const attributes = this.functionAttributes(span).flag(Attribute.CONTINUES);
    return {
      ...this.finish(span, continuationId(span.spanId), span.spanId, span.start, attributes),
      links: [continuationLink(traceId, span.spanId)],
    };
  }

  /** The same of the root. */
  rootContinuation(): OtlpSpan {
    const { root, traceId } = this.trace;
    const { attributes, ...rest } = this.root(undefined);
    return {
      ...rest,
      spanId: continuationId(root.spanId),
      parentSpanId: root.spanId,
      flags: FLAGS,
      attributes: [...attributes, { key: Attribute.CONTINUES, value: { boolValue: true } }],
      links: [continuationLink(traceId, root.spanId)],
    };
  }

  private functionAttributes(span: Span): OtlpAttributes {
    const { name, module, line, column, async, generator } = span.function;
    const attributes = this.attributes()
      .text(Attribute.FUNCTION, name)
      .text(Attribute.FILE, module)
      .int(Attribute.LINE, line)
      .int(Attribute.COLUMN, column)
      .int(Attribute.NUMBER, span.number);
    if (async) attributes.flag(Attribute.ASYNC);
    if (generator) attributes.flag(Attribute.GENERATOR);
    return attributes;
  }

  /** Everything that is known at a span's end. */
  private finish(span: Span, spanId: string, parentSpanId: string, start: number, attributes: OtlpAttributes): OtlpSpan {
    const { outcome, locals } = span;
    const { values } = this.options;
    let message: string | undefined;
    if (outcome.kind === 'returned') {
      if (values && outcome.value !== undefined) attributes.value(Attribute.RETURN, outcome.value);
      if (outcome.line !== undefined) attributes.int(Attribute.RETURN_LINE, outcome.line);
    } else if (outcome.kind === 'threw') {
      const thrown = describeThrown(outcome);
      message = thrown.message;
      attributes.text(Attribute.ERROR_TYPE, thrown.type);
      if (outcome.errorId !== 0) attributes.int(Attribute.ERROR_ID, outcome.errorId);
      if (values && outcome.error !== undefined && !isPlainError(outcome.error)) attributes.value(Attribute.THROWN, outcome.error);
    }
    if (values && locals !== undefined && locals.length > 0) attributes.named(Attribute.LOCALS, locals);
    this.addAnnotations(attributes, span.annotations);
    const suspended = suspendedTime(span);
    if (suspended > 0) attributes.double(Attribute.SUSPENDED, suspended);
    const events = this.events.of(span, values);
    if (this.url !== undefined && (attributes.cut || events.cut || events.dropped > 0)) attributes.text(Attribute.TRACE_URL, this.url);
    return {
      traceId: this.trace.traceId,
      spanId,
      parentSpanId,
      flags: FLAGS,
      name: span.function.name,
      kind: SpanKind.INTERNAL,
      startTimeUnixNano: this.time(start),
      endTimeUnixNano: this.time(Math.max(start, span.end ?? this.latest)),
      ...withEvents(attributes, events),
      status: message === undefined ? {} : this.error(message),
    };
  }

  private addAnnotations(attributes: OtlpAttributes, annotations: readonly Value[]): void {
    if (!this.options.values || annotations.length === 0) return;
    attributes.value(Attribute.ANNOTATIONS, { kind: 'array', id: 0, className: 'Array', size: annotations.length, items: annotations });
  }

  private addLosses(attributes: OtlpAttributes): void {
    const { dropped, kept, rootsDropped } = this.trace;
    if (kept !== undefined) attributes.text(Attribute.KEPT, kept);
    for (const cause of Object.keys(dropped)) attributes.int(Attribute.DROPPED + cause, dropped[cause] as number);
    for (const cause of Object.keys(rootsDropped ?? {})) attributes.int(Attribute.ROOTS_DROPPED + cause, rootsDropped?.[cause] as number);
  }

  private error(message: string): NonNullable<OtlpSpan['status']> {
    const text = this.attributes().text('', message).list[0]?.value.stringValue ?? '';
    return { code: StatusCode.ERROR, ...(text === '' ? {} : { message: text }) };
  }

  private spanIdOf(number: number): string {
    return number === 0 ? this.trace.root.spanId : (this.trace.spans[number - 1] as Span).spanId;
  }

  private attributes(): OtlpAttributes {
    return new OtlpAttributes(this.options.maxAttributeBytes);
  }

  private time(ms: number): string {
    return unixNano(this.trace.startTime, ms);
  }
}

const FLAGS: number = SpanFlag.SAMPLED | SpanFlag.HAS_IS_REMOTE;

/** The first bit of the id turned over: span ids are consecutive numbers, so no other span of the trace is there. */
export function continuationId(spanId: string): string {
  return (Number.parseInt(spanId.slice(0, 1), 16) ^ 8).toString(16) + spanId.slice(1);
}

function continuationLink(traceId: string, spanId: string): OtlpLink {
  return { traceId, spanId, flags: FLAGS, attributes: [{ key: Attribute.CONTINUES, value: { boolValue: true } }] };
}

function withEvents(
  attributes: OtlpAttributes,
  { events, dropped }: SpanEvents,
): Pick<OtlpSpan, 'attributes' | 'events' | 'droppedEventsCount'> {
  return {
    attributes: attributes.list,
    ...(events.length === 0 ? {} : { events }),
    ...(dropped === 0 ? {} : { droppedEventsCount: dropped }),
  };
}

function addElided(attributes: OtlpAttributes, elided: readonly ElidedCalls[]): void {
  if (elided.length === 0) return;
  let calls = 0;
  for (const { count } of elided) calls += count;
  attributes.int(Attribute.ELIDED_CALLS, calls).named(
    Attribute.ELIDED_FUNCTIONS,
    elided.map(({ function: { key }, count }) => ({ name: key, value: { kind: 'number', value: count } })),
  );
}

function addPruned(attributes: OtlpAttributes, pruned: PrunedCount | undefined): void {
  if (pruned === undefined) return;
  attributes.int(Attribute.PRUNED_SPANS, pruned.spans);
  if (pruned.errors > 0) attributes.int(Attribute.PRUNED_ERRORS, pruned.errors);
}

/** Type and message say it all. */
function isPlainError(error: Value): boolean {
  return error.kind === 'error' && error.entries.length === 0;
}

function suspendedTime({ suspensions }: Span): number {
  let sum = 0;
  for (const { from, to } of suspensions) if (to !== undefined) sum += Math.max(0, to - from);
  return sum;
}

function latestTime(trace: Trace): number {
  let latest = trace.duration ?? 0;
  for (const span of trace.spans) latest = Math.max(latest, span.end ?? span.start);
  return latest;
}
