/** Small traces as a recorder would have made them, for tests of the page. Not a test. */
import type { FunctionInfo, LineEvent, NamedValue, Outcome, Span, Trace, Value } from '@captureflow/trace';

export interface SpanDraft {
  readonly name: string;
  /** Number of the caller; 0: the root. */
  readonly parent: number;
  readonly start: number;
  /** Undefined: open. */
  readonly end?: number;
  readonly line?: number;
  readonly endLine?: number;
  readonly args?: Readonly<Record<string, unknown>>;
  readonly result?: unknown;
  /** Message of the error that it threw. */
  readonly error?: string;
  readonly locals?: Readonly<Record<string, unknown>>;
  readonly lines?: readonly LineEvent[];
  readonly async?: boolean;
}

export const MODULE = 'src/report.ts';

export function traceOf(name: string, drafts: readonly SpanDraft[], startTime: number = Date.UTC(2026, 10, 21, 12)): Trace {
  const functions = new Map<string, FunctionInfo>();
  const spans = drafts.map((draft, index): Span => {
    const info = functions.get(draft.name) ?? functionInfo(draft);
    functions.set(draft.name, info);
    return {
      number: index + 1,
      spanId: (index + 1).toString(16).padStart(16, '0'),
      parent: draft.parent,
      link: 'call',
      function: info,
      start: draft.start,
      ...(draft.end === undefined ? {} : { end: draft.end }),
      timeError: 0,
      args: named(draft.args ?? {}),
      outcome: outcomeOf(draft),
      ...(draft.locals === undefined ? {} : { locals: named(draft.locals) }),
      lines: draft.lines ?? [],
      suspensions: [],
      annotations: [],
      children: drafts.flatMap(({ parent }, child) => (parent === index + 1 ? [child + 1] : [])),
      elided: [],
    };
  });
  return {
    traceId: 'a'.repeat(32),
    root: { kind: 'script', name, attributes: {}, spanId: 'b'.repeat(16), annotations: [] },
    startTime,
    duration: Math.max(0, ...drafts.map(({ end = 0 }) => end)),
    process: { pid: 1, threadId: 0, service: 'shop', runtime: 'node 24' },
    spans,
    children: spans.filter(({ parent }) => parent === 0).map(({ number }) => number),
    elided: [],
    gaps: [],
    dropped: {},
  };
}

export function named(values: Readonly<Record<string, unknown>>): NamedValue[] {
  return Object.entries(values).map(([name, value]) => ({ name, value: valueOf(value) }));
}

function valueOf(value: unknown): Value {
  if (typeof value === 'number') return { kind: 'number', value };
  if (typeof value === 'string') return { kind: 'string', value };
  return { kind: 'undefined' };
}

function outcomeOf({ end, error, result }: SpanDraft): Outcome {
  if (end === undefined) return { kind: 'open' };
  if (error !== undefined)
    return { kind: 'threw', error: { kind: 'error', id: 1, className: 'Error', message: error, entries: [] }, errorId: 1 };
  return { kind: 'returned', value: valueOf(result) };
}

function functionInfo({ name, line = 1, endLine = line, async = false, args = {} }: SpanDraft): FunctionInfo {
  return {
    key: `${MODULE}#${name}`,
    name,
    module: MODULE,
    line,
    column: 1,
    endLine,
    level: 'lines',
    form: 'function',
    async,
    generator: false,
    parameters: Object.keys(args),
  };
}

/** A loop with a call that throws in its second round, line by line. */
export const REPORT_SOURCE: string = [
  'function report(rows) {',
  '  let sum = 0;',
  '  for (const row of rows) {',
  '    const price = priceOf(row);',
  '    sum += price;',
  '  }',
  '  return sum;',
  '}',
  'function priceOf(row) {',
  "  if (row < 0) throw new Error('no price');",
  '  return row * 2;',
  '}',
].join('\n');

function event(line: number, time: number, changed: Readonly<Record<string, number>> = {}): LineEvent {
  return { line, time, changed: named(changed) };
}

export const REPORT_LINES: readonly LineEvent[] = [
  event(2, 1),
  event(3, 2, { sum: 0 }),
  event(4, 3, { row: 5 }),
  event(5, 5, { price: 10 }),
  event(4, 6, { sum: 10, row: 7 }),
  event(5, 8, { price: 14 }),
  event(4, 9, { sum: 24, row: -1 }),
];

export function reportTrace(factor = 2): Trace {
  const price = (parent: number, start: number, row: number): SpanDraft => ({
    name: 'priceOf',
    parent,
    start,
    end: start + 1,
    line: 9,
    endLine: 12,
    args: { row },
    ...(row < 0 ? { error: 'no price' } : { result: row * factor }),
  });
  return traceOf('report.ts', [
    { name: 'main', parent: 0, start: 0, end: 40, line: 20, endLine: 22, error: 'no price' },
    {
      name: 'report',
      parent: 1,
      start: 1,
      end: 12,
      line: 1,
      endLine: 8,
      args: { rows: '<img src=x onerror=alert(1)>' },
      error: 'no price',
      locals: { sum: 24 },
      lines: REPORT_LINES,
    },
    price(2, 3.5, 5),
    price(2, 6.5, 7),
    price(2, 9.5, -1),
    { name: 'log', parent: 1, start: 14, end: 15, line: 30, endLine: 30, args: { text: 'needle in hay' } },
  ]);
}
