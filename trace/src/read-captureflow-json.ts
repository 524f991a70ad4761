/**
 * A trace of CaptureFlow's clients, Python's or ours, as a trace. Takes more than the server does: what is missing has a default, events that
 * make no sense are counted in `dropped`.
 */
import type { FunctionInfo, LineEvent, NamedValue, Outcome, Span, Trace, Value } from './model.ts';
import { valueOfPython } from './read-python-value.ts';

type Json = Readonly<Record<string, unknown>>;

interface Call {
  readonly json: Json;
  readonly number: number;
  readonly parent: number;
  /** Unix ms. */
  readonly start: number;
  end?: number;
  outcome: Outcome;
  lastLine: number;
  readonly lines: { readonly line: number; readonly time: number }[];
  readonly children: number[];
}

/** Undefined for what is no such trace: an object with a list `execution_trace`. Never throws. */
export function fromCaptureFlowJson(input: unknown): Trace | undefined {
  const json = objectOf(input);
  const events = json['execution_trace'];
  if (!Array.isArray(events)) return undefined;
  const reader = new EventReader(unixMsOf(json['timestamp']));
  for (const event of events) reader.read(objectOf(event));
  return reader.trace(json);
}

class EventReader {
  private readonly calls: Call[] = [];
  private readonly byId = new Map<string, Call>();
  private readonly functions = new Map<string, FunctionInfo>();
  private readonly errorIds = new Map<string, number>();
  private readonly roots: number[] = [];
  private broken = 0;
  /** Of the event before, for one that has none of its own. */
  private clock: number;

  constructor(start: number) {
    this.clock = start;
  }

  read(event: Json): void {
    const time = unixMsOf(event['timestamp']);
    this.clock = Number.isNaN(time) ? this.clock : time;
    if (event['event'] === 'call') return this.enter(event);
    const call = this.byId.get(textOf(event['caller_id']));
    if (call === undefined) {
      this.broken++;
      return;
    }
    call.lastLine = numberOf(event['line']) ?? call.lastLine;
    if (event['event'] === 'line') call.lines.push({ line: call.lastLine, time: this.clock });
    else if (event['event'] === 'return') this.leave(call, event);
    else if (event['event'] === 'exception') this.throw(call, event);
    else this.broken++;
  }

  trace(json: Json): Trace {
    const first = this.calls[0];
    const given = unixMsOf(json['timestamp']);
    // Python's client writes its start here, ours the root's; whatever else it is, it is no later than the first event.
    const startTime = Math.min(...[given, first?.start ?? given].filter((time) => !Number.isNaN(time)), Number.MAX_SAFE_INTEGER);
    const origin = startTime === Number.MAX_SAFE_INTEGER ? 0 : startTime;
    const id = textOf(json['invocation_id']).replaceAll('-', '').toLowerCase();
    const traceId = /^[0-9a-f]{32}$/.test(id) ? id : '0'.repeat(32);
    const ended = this.roots.every((number) => this.calls[number - 1]?.end !== undefined);
    const end = this.calls.reduce((latest, call) => Math.max(latest, call.end ?? call.start), origin);
    const endpoint = textOf(json['endpoint']);
    const failed = json['output'] === undefined ? this.errorOf(endpoint) : undefined;
    return {
      traceId,
      root: {
        kind: 'run',
        name: endpoint,
        attributes: {},
        spanId: traceId.slice(16),
        ...(failed === undefined ? {} : { error: { type: failed.className, message: failed.message } }),
        annotations: [],
      },
      startTime: origin,
      ...(ended && first !== undefined ? { duration: end - origin } : {}),
      process: { pid: 0, threadId: 0, service: '', runtime: '' },
      spans: this.calls.map((call) => this.spanOf(call, origin)),
      children: this.roots,
      elided: [],
      gaps: [],
      dropped: this.broken === 0 ? {} : { 'decoder.event': this.broken },
    };
  }

  /** What ended the endpoint. Python's client reports what ran around it, too. */
  private errorOf(endpoint: string): Extract<Value, { kind: 'error' }> | undefined {
    const tops = this.roots.map((number) => this.calls[number - 1] as Call);
    const outcome = (tops.find((call) => call.json['function'] === endpoint) ?? tops[0])?.outcome;
    return outcome?.kind === 'threw' && outcome.error?.kind === 'error' ? outcome.error : undefined;
  }

  private enter(event: Json): void {
    const id = textOf(event['id']);
    // The server's graph would overwrite the first one and lose what hangs under it.
    if (id === '' || this.byId.has(id)) {
      this.broken++;
      return;
    }
    const parent = this.byId.get(textOf(event['caller_id']));
    const number = this.calls.length + 1;
    const line = numberOf(event['line']) ?? 0;
    const call: Call = {
      json: event,
      number,
      parent: parent?.number ?? 0,
      start: Number.isNaN(this.clock) ? 0 : this.clock,
      outcome: { kind: 'open' },
      lastLine: line,
      lines: [],
      children: [],
    };
    this.calls.push(call);
    this.byId.set(id, call);
    (parent?.children ?? this.roots).push(number);
  }

  /** Behind an exception there is a `return` of None that nobody made. */
  private leave(call: Call, event: Json): void {
    call.end = Math.max(call.start, this.clock);
    if (call.outcome.kind === 'threw') return;
    const value = valueOfPython(event['return_value']);
    call.outcome = { kind: 'returned', ...(value.kind === 'unreadable' ? {} : { value }), line: call.lastLine };
  }

  private throw(call: Call, event: Json): void {
    const { type, value } = objectOf(event['exception_info']);
    const className = typeof type === 'string' ? type : 'Error';
    const message = textOf(value);
    // A caller that passes an error on reports it once more: nothing but its text says that it is the same.
    const key = JSON.stringify([className, message]);
    const errorId = this.errorIds.get(key) ?? this.errorIds.size + 1;
    this.errorIds.set(key, errorId);
    call.end = Math.max(call.start, this.clock);
    call.outcome = { kind: 'threw', error: { kind: 'error', id: 1, className, message, entries: [] }, errorId };
  }

  private spanOf({ json, number, parent, start, end, outcome, lines, children }: Call, origin: number): Span {
    const args = argumentsOf(objectOf(json['arguments']));
    return {
      number,
      spanId: spanIdOf(textOf(json['id'])),
      parent,
      link: 'call',
      function: this.functionOf(json, args, lines.length > 0),
      start: start - origin,
      ...(end === undefined ? {} : { end: end - origin }),
      timeError: 0,
      args,
      outcome,
      lines: lines.map(({ line, time }): LineEvent => ({ line, time: time - origin, changed: [] })),
      suspensions: [],
      annotations: [],
      children,
      elided: [],
    };
  }

  /** The same object for all calls of a function, which may be a million. */
  private functionOf(json: Json, args: readonly NamedValue[], lines: boolean): FunctionInfo {
    const name = textOf(json['function']);
    const module = textOf(json['file']);
    const line = numberOf(json['line']) ?? 0;
    const key = `${module}#${name}`;
    const known = this.functions.get(`${key}:${line}`);
    if (known !== undefined) return known;
    const info: FunctionInfo = {
      key,
      name,
      module,
      line,
      column: 1,
      endLine: line,
      level: lines ? 'lines' : 'values',
      form: 'function',
      async: false,
      generator: false,
      parameters: args.map((arg) => arg.name),
    };
    this.functions.set(`${key}:${line}`, info);
    return info;
  }
}

/** Names of positional arguments are not in the format. */
function argumentsOf({ args, kwargs }: Json): NamedValue[] {
  const positional = Array.isArray(args) ? args.map((value, i): NamedValue => ({ name: `arg${i}`, value: valueOfPython(value) })) : [];
  const named = Object.entries(objectOf(kwargs)).map(([name, value]): NamedValue => ({ name, value: valueOfPython(value) }));
  return [...positional, ...named];
}

/** The id that our own writer put into the UUID, else the UUID's first 16 digits. */
function spanIdOf(uuid: string): string {
  const own = /^([0-9a-f]{8})-([0-9a-f]{4})-8([0-9a-f]{3})-8([0-9a-f])[0-9a-f]{2}-[0-9a-f]{12}$/.exec(uuid);
  if (own !== null) return own.slice(1).join('');
  const digits = uuid.replaceAll('-', '').toLowerCase();
  return /^[0-9a-f]{16}/.test(digits) ? digits.slice(0, 16) : '0'.repeat(16);
}

/** Local time without zone, microseconds; a zone, where there is one, counts. NaN when it is no time. */
function unixMsOf(value: unknown): number {
  const parts = typeof value === 'string' ? /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:?\d\d)?$/.exec(value) : null;
  if (parts === null) return Number.NaN;
  return Date.parse(`${parts[1]}${parts[3] ?? ''}`) + Number(`0${parts[2] ?? ''}`) * 1000;
}

function objectOf(value: unknown): Json {
  return typeof value === 'object' && value !== null ? (value as Json) : {};
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}
