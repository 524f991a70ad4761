/** What happened inside a span, as OTLP events: the exception, pauses, lines. The exception always has a place; others are counted when they have none. */
import { formatValue } from './format-value.ts';
import type { Gap, Outcome, Span, Trace, Value } from './model.ts';
import { OtlpAttributes } from './otlp-attributes.ts';
import { Attribute, EventName } from './otlp-names.ts';
import type { OtlpAttribute, OtlpEvent } from './otlp.ts';
import { unixNano } from './unix-nano.ts';

/** Frames of the text that stands for a stack; of a recursion there is no end. */
const MOST_FRAMES = 20;

export interface SpanEvents {
  readonly events: readonly OtlpEvent[];
  readonly dropped: number;
  /** A text in them was cut for room. */
  readonly cut: boolean;
}

interface Timed {
  readonly time: number;
  readonly event: OtlpEvent;
}

export class OtlpEvents {
  private readonly trace: Trace;
  private readonly room: number;
  private readonly most: number;
  private cut = false;
  private readonly origins: ReadonlySet<number>;

  constructor(trace: Trace, room: number, most: number) {
    this.trace = trace;
    this.room = room;
    this.most = most;
    this.origins = originsOf(trace);
  }

  /** `withValues`: what lines changed. */
  of(span: Span, withValues: boolean): SpanEvents {
    this.cut = false;
    const first: Timed[] = [];
    const { outcome } = span;
    if (outcome.kind === 'threw') {
      const time = span.end ?? span.start;
      const stack = this.origins.has(span.number) ? this.stackOf(span) : undefined;
      const { type, message } = describeThrown(outcome);
      first.push({ time, event: this.exception(time, type, message, stack) });
    }
    const others: Timed[] = [];
    for (const { kind, from, to } of span.suspensions) {
      const attributes = this.attributes().text(Attribute.PAUSE, kind);
      if (to !== undefined) attributes.double(Attribute.PAUSE_MS, Math.max(0, to - from));
      others.push(this.timed(from, EventName.PAUSE, attributes));
    }
    for (const { line, time, changed } of span.lines) {
      const attributes = this.attributes().int(Attribute.LINE, line);
      if (withValues && changed.length > 0) attributes.named(Attribute.CHANGED, changed);
      others.push(this.timed(time, EventName.LINE, attributes));
    }
    return this.bounded(first, others);
  }

  ofRoot(end: number): SpanEvents {
    this.cut = false;
    const { error } = this.trace.root;
    const first = error === undefined ? [] : [{ time: end, event: this.exception(end, error.type, error.message, undefined) }];
    return this.bounded(
      first,
      this.trace.gaps.map((gap) => this.gap(gap)),
    );
  }

  private gap({ afterSpan, events, spans }: Gap): Timed {
    const attributes = this.attributes().int(Attribute.NUMBER, afterSpan).int(Attribute.GAP_EVENTS, events);
    if (spans !== undefined) attributes.int(Attribute.GAP_SPANS, spans);
    return this.timed(this.trace.spans[afterSpan - 1]?.start ?? 0, EventName.GAP, attributes);
  }

  private exception(time: number, type: string, message: string, stack: string | undefined): OtlpEvent {
    const attributes = this.attributes().text(Attribute.EXCEPTION_TYPE, type).text(Attribute.EXCEPTION_MESSAGE, message);
    if (stack !== undefined) attributes.text(Attribute.EXCEPTION_STACK, `${type}: ${message}\n${stack}`);
    return this.timed(time, EventName.EXCEPTION, attributes).event;
  }

  private timed(time: number, name: string, attributes: OtlpAttributes): Timed {
    if (attributes.cut) this.cut = true;
    const list: readonly OtlpAttribute[] = attributes.list;
    return { time, event: { timeUnixNano: unixNano(this.trace.startTime, time), name, attributes: list } };
  }

  private bounded(first: readonly Timed[], others: Timed[]): SpanEvents {
    others.sort((a, b) => a.time - b.time);
    const room = Math.max(0, this.most - first.length);
    // What happened last tells more about how it ended.
    const dropped = Math.max(0, others.length - room);
    const shown = [...others.slice(dropped), ...first].sort((a, b) => a.time - b.time);
    return { events: shown.map(({ event }) => event), dropped, cut: this.cut };
  }

  private attributes(): OtlpAttributes {
    return new OtlpAttributes(this.room);
  }

  /** The callers from `span` up. No stack is recorded, so the positions are those of the functions. */
  private stackOf(span: Span): string {
    const frames: string[] = [];
    for (let at: Span | undefined = span; at !== undefined && frames.length < MOST_FRAMES; at = this.trace.spans[at.parent - 1]) {
      const { name, module, line, column } = at.function;
      frames.push(`    at ${name} (${module}:${line}:${column})`);
    }
    return frames.join('\n');
  }
}

/** Type and message of what a span threw; `_OTHER` is OpenTelemetry's word for an unknown type. */
export function describeThrown({ error }: Extract<Outcome, { kind: 'threw' }>): { readonly type: string; readonly message: string } {
  if (error === undefined) return { type: '_OTHER', message: '' };
  if (error.kind === 'error') return { type: error.className || 'Error', message: error.message };
  return { type: typeOf(error), message: error.kind === 'string' ? error.value : formatValue(error, { width: 200 }) };
}

function typeOf(value: Value): string {
  return value.kind === 'object' && value.className !== '' ? value.className : value.kind;
}

/** Numbers of the spans in which an error came up: those above only let it pass. */
function originsOf({ spans }: Trace): Set<number> {
  const origins = new Set<number>();
  const passed = new Set<number>();
  // Children have higher numbers than their parents.
  for (let i = spans.length - 1; i >= 0; i--) {
    const { number, parent, outcome } = spans[i] as Span;
    if (outcome.kind !== 'threw') continue;
    if (!passed.has(number)) origins.add(number);
    const above = spans[parent - 1]?.outcome;
    if (outcome.errorId !== 0 && above?.kind === 'threw' && above.errorId === outcome.errorId) passed.add(parent);
  }
  return origins;
}
