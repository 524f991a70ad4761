/**
 * A trace as the CaptureFlow server takes it. The format knows calls, returns and exceptions of a Python program in order of time; locals,
 * columns, links other than calls and what was lost have no place in it.
 */
import type {
  CallArguments,
  CallEvent,
  CaptureFlowEvent,
  CaptureFlowTrace,
  ExceptionEvent,
  ReturnEvent,
  SerializedObject,
} from './captureflow-json.ts';
import { DEEPEST_CALL } from './check-captureflow-json.ts';
import { localTimestamp } from './local-timestamp.ts';
import type { NamedValue, Outcome, Span, Trace, Value } from './model.ts';
import { PYTHON_NONE, toPythonValue } from './python-value.ts';

export interface CaptureFlowJsonOptions {
  /** The text of a line (1-based) of a module, without its line break; default ''. */
  sourceLine?(module: string, line: number): string;
}

type Threw = Extract<Outcome, { kind: 'threw' }>;
type EventKind = (typeof EVENT_KINDS)[number];

const EVENT_KINDS = ['call', 'return', 'exception'] as const;
const EVENT_DIGITS = { call: '0', return: '1', exception: '2' } as const;
/** A traceback names at most this many frames and the one of the origin: with all of them, a recursion's would grow with its square. */
const LONGEST_TRACEBACK = 20;

/**
 * Converts a trace. Endpoint, input and output are those of the first function under the root; without any, the endpoint is the root's
 * name. The result passes `checkCaptureFlowJson`; ids are the same each time.
 */
export function toCaptureFlowJson(trace: Trace, options: CaptureFlowJsonOptions = {}): CaptureFlowTrace {
  const { events, ...rest } = captureFlowParts(trace, options);
  return { ...rest, execution_trace: [...events] };
}

/** The same with its events one at a time, each made when it is asked for: those of a million calls are some gigabytes. */
export function captureFlowParts(
  trace: Trace,
  options: CaptureFlowJsonOptions = {},
): Omit<CaptureFlowTrace, 'execution_trace'> & { readonly events: Iterable<CaptureFlowEvent> } {
  const writer = new EventWriter(trace, options);
  const entry = trace.spans[(trace.children[0] ?? 0) - 1];
  const invocationId = uuidOf(trace.traceId);
  const endpoint = entry?.function.name ?? trace.root.name;
  const returned = trace.root.error === undefined && entry?.outcome.kind === 'returned';
  return {
    invocation_id: invocationId,
    timestamp: localTimestamp(trace.startTime),
    endpoint,
    input: entry === undefined ? { args: [], kwargs: {} } : argumentsOf(entry.args),
    events: writer.write(),
    ...(entry !== undefined && returned ? { output: { result: returnValueOf(entry) } } : {}),
    call_stack: [],
    log_filename: `temp/${endpoint.replace(/[^\w.-]/g, '_')}_trace_${invocationId}.json`,
  };
}

class EventWriter {
  private readonly trace: Trace;
  private readonly sourceLine: (module: string, line: number) => string;
  /** Times of the events in the order of the walk, and for each the number of its span and which event of it. */
  private readonly times: number[] = [];
  private readonly codes: number[] = [];
  /** Where spans that did not end are closed. */
  private readonly latest: number;
  /** For each span that threw an error of a child: that child, and the span in which the error came up. */
  private readonly throwers = new Map<number, { readonly child: Span; readonly origin: Span }>();
  /** For each span, by number: the span of which its call names the id, 0 for none; and how many calls that makes it lie deep. */
  private readonly callers: Int32Array;
  private readonly depths: Int32Array;

  constructor(trace: Trace, options: CaptureFlowJsonOptions) {
    this.trace = trace;
    this.sourceLine = (module, line) => options.sourceLine?.(module, line) ?? '';
    let latest = trace.duration ?? 0;
    for (const span of trace.spans) latest = Math.max(latest, span.end ?? span.start);
    this.latest = latest;
    this.callers = new Int32Array(trace.spans.length + 1);
    this.depths = new Int32Array(trace.spans.length + 1);
    for (const span of trace.spans) this.noteCaller(span);
    // Children have higher numbers than their parents: from the end, a child's own origin is known when it is asked for.
    for (let i = trace.spans.length - 1; i >= 0; i--) this.noteThrower(trace.spans[i] as Span);
  }

  /** Depth first, so that events of one instant stand in a possible order; then by time, because of what runs concurrently. */
  *write(): Generator<CaptureFlowEvent> {
    const open: { readonly span: Span; next: number }[] = [{ span: ROOT, next: 0 }];
    for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
      const children = top.span === ROOT ? this.trace.children : top.span.children;
      const child = this.trace.spans[(children[top.next++] ?? 0) - 1];
      if (child !== undefined) {
        this.note(child, child.start, 'call');
        open.push({ span: child, next: 0 });
      } else if (top.next > children.length) {
        open.pop();
        if (top.span !== ROOT) this.noteEnd(top.span);
      }
    }
    const order = Uint32Array.from(this.times, (_, index) => index);
    // Sorting typed arrays is stable, too.
    order.sort((a, b) => (this.times[a] as number) - (this.times[b] as number));
    for (const index of order) {
      const code = this.codes[index] as number;
      const span = this.trace.spans[Math.floor(code / 4) - 1] as Span;
      yield this.eventOf(span, EVENT_KINDS[code % 4] as EventKind);
    }
  }

  private note(span: Span, time: number, kind: EventKind): void {
    this.times.push(time);
    this.codes.push(span.number * 4 + EVENT_KINDS.indexOf(kind));
  }

  private noteEnd(span: Span): void {
    const time = this.endOf(span);
    if (span.outcome.kind === 'threw') this.note(span, time, 'exception');
    this.note(span, time, 'return');
  }

  private eventOf(span: Span, kind: EventKind): CaptureFlowEvent {
    if (kind === 'call') return this.callOf(span);
    return kind === 'exception' && span.outcome.kind === 'threw' ? this.exceptionOf(span, span.outcome) : this.returnOf(span);
  }

  /** Calls below the deepest that the server's graph can take become its brothers. */
  private noteCaller({ number, parent }: Span): void {
    const caller = this.depths[parent] === DEEPEST_CALL ? (this.callers[parent] as number) : parent;
    this.callers[number] = caller;
    this.depths[number] = (this.depths[caller] as number) + 1;
  }

  private noteThrower(span: Span): void {
    const { outcome } = span;
    const parent = this.trace.spans[span.parent - 1];
    if (outcome.kind !== 'threw' || outcome.errorId === 0 || parent?.outcome.kind !== 'threw') return;
    if (parent.outcome.errorId !== outcome.errorId) return;
    this.throwers.set(parent.number, { child: span, origin: this.throwers.get(span.number)?.origin ?? span });
  }

  private callOf(span: Span): CallEvent {
    const { name, module, line } = span.function;
    const caller = this.trace.spans[(this.callers[span.number] as number) - 1];
    return {
      id: this.idOf(span, 'call'),
      timestamp: this.timestamp(span.start),
      event: 'call',
      function: name,
      caller_id: caller === undefined ? null : this.idOf(caller, 'call'),
      file: module,
      line,
      source_line: this.sourceLine(module, line),
      tag: tagOf(module),
      arguments: argumentsOf(span.args),
      return_value: returnValueOf(span),
    };
  }

  private returnOf(span: Span): ReturnEvent {
    const { name, module } = span.function;
    const time = this.endOf(span);
    const line = this.endLineOf(span);
    return {
      id: this.idOf(span, 'return'),
      timestamp: this.timestamp(time),
      event: 'return',
      function: name,
      caller_id: this.idOf(span, 'call'),
      file: module,
      line,
      source_line: this.sourceLine(module, line),
      tag: tagOf(module),
      return_value: returnValueOf(span),
    };
  }

  private exceptionOf(span: Span, outcome: Threw): ExceptionEvent {
    const { name, module } = span.function;
    const time = this.endOf(span);
    const line = this.endLineOf(span);
    const { type, value } = describe(outcome);
    return {
      id: this.idOf(span, 'exception'),
      timestamp: this.timestamp(time),
      event: 'exception',
      function: name,
      caller_id: this.idOf(span, 'call'),
      file: module,
      line,
      source_line: this.sourceLine(module, line),
      tag: tagOf(module),
      exception_info: { type, value, traceback: this.traceback(span) },
    };
  }

  private timestamp(time: number): string {
    return localTimestamp(this.trace.startTime + time);
  }

  private endOf(span: Span): number {
    return Math.max(span.start, span.end ?? this.latest);
  }

  private endLineOf(span: Span): number {
    const { outcome } = span;
    if (outcome.kind === 'returned' && outcome.line !== undefined) return outcome.line;
    return span.lines.at(-1)?.line ?? (outcome.kind === 'threw' ? span.function.line : span.function.endLine);
  }

  /** One text a frame, from this one to that in which the error came up, as Python's `traceback` writes them. */
  private traceback(span: Span): string[] {
    const frames = [this.frame(span)];
    const origin = this.throwers.get(span.number)?.origin;
    for (let at = this.throwers.get(span.number)?.child; at !== undefined; at = this.throwers.get(at.number)?.child) {
      const full = frames.length === LONGEST_TRACEBACK;
      frames.push(this.frame(full && origin !== undefined ? origin : at));
      if (full) break;
    }
    return frames;
  }

  private frame(span: Span): string {
    const { module, name } = span.function;
    const line = this.endLineOf(span);
    const source = this.sourceLine(module, line).trim();
    return `  File "${module}", line ${line}, in ${name}\n${source === '' ? '' : `    ${source}\n`}`;
  }

  /** A UUID of version 8: 64 bits of the span's id, which event of it, 54 bits of the trace's id. */
  private idOf(span: Span, kind: EventKind): string {
    const { spanId } = span;
    const { traceId } = this.trace;
    const head = `${spanId.slice(0, 8)}-${spanId.slice(8, 12)}-8${spanId.slice(12, 15)}`;
    return `${head}-8${spanId.slice(15)}${EVENT_DIGITS[kind]}${traceId.slice(0, 1)}-${traceId.slice(1, 13)}`;
  }
}

function describe({ error }: Threw): { readonly type: string; readonly value: string } {
  if (error === undefined) return { type: 'Error', value: '' };
  if (error.kind === 'error') return { type: error.className || 'Error', value: error.message };
  return { type: error.kind, value: toPythonValue(error).json_serialized };
}

function tagOf(module: string): 'INTERNAL' | 'LIBRARY' {
  return /(^|\/)node_modules\//.test(module) ? 'LIBRARY' : 'INTERNAL';
}

/** Stands for the root in the walk. */
const ROOT = { number: 0, children: [] as readonly number[] } as Span;

/** Python's client puts parameters named `args` or `arg…` into `args`, all others by name into `kwargs`. */
function argumentsOf(values: readonly NamedValue[]): CallArguments {
  const args: SerializedObject[] = [];
  const kwargs: [string, SerializedObject][] = [];
  for (const { name, value } of values) {
    if (name.startsWith('arg')) args.push(toPythonValue(value));
    else kwargs.push([name, toPythonValue(value)]);
  }
  // Unlike an assignment, this makes a plain property of a parameter named `__proto__`.
  return { args, kwargs: Object.fromEntries(kwargs) };
}

function returnValueOf({ outcome }: Span): SerializedObject {
  const value: Value | undefined = outcome.kind === 'returned' ? outcome.value : undefined;
  return value === undefined ? PYTHON_NONE : toPythonValue(value);
}

function uuidOf(traceId: string): string {
  return traceId.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
