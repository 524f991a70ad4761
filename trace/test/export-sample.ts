/** Traces for the tests of the export formats. */
import { buildTrace } from '../src/index.ts';
import type { Trace, Value } from '../src/index.ts';
import type { SegmentHeader } from '../src/segment.ts';
import { functions, StreamBuilder, toModel } from './stream-builder.ts';

const ERROR: Value = { kind: 'error', id: 1, className: 'RangeError', message: 'no "stock"', entries: [] };
const TABLE = functions(
  { name: 'handle', line: 3, parameters: ['id'] },
  { name: 'load', line: 8, parameters: ['key'] },
  { name: '<script>alert("x")</script>', line: 12 },
);

/**
 * 100 ms: `handle(7)` throughout, of which it waits from 20 to 80 for two `load` that overlap (10 to 60, 20 to 80), then calls a function with
 * a hostile name (85 to 95), which throws; it catches the error and returns a bigint.
 */
export function overlapping(fields: Partial<SegmentHeader> = {}): Trace {
  const s = new StreamBuilder().time(100);
  const handle = s.enterAt(0, 0, 'TOP', 7);
  s.time(110);
  const first = s.enter(1, 'a');
  s.suspend(first).time(120);
  const second = s.enter(1, Number.NaN);
  s.suspend(second).suspend(handle);
  s.time(160).resume(first).exit(first, 'A').time(180).resume(second).exit(second, -0).resume(handle);
  s.time(185);
  const failing = s.enter(2);
  s.time(195)
    .throw(failing, 0, 1, ERROR)
    .time(200)
    .exit(handle, 2n ** 70n);
  const trace = buildTrace([
    s.segment({ root: { kind: 'http', name: 'GET /orders', attributes: { function: { a: 1 } } }, functions: TABLE, ...fields }),
  ]);
  // The clock of a stream is read now and then; here every time is to be exact.
  const times = [
    { start: 0, end: 100, suspensions: [{ kind: 'await', from: 20, to: 80 }] },
    { start: 10, end: 60, suspensions: [{ kind: 'await', from: 10, to: 60 }] },
    { start: 20, end: 80, suspensions: [{ kind: 'await', from: 20, to: 80 }] },
    { start: 85, end: 95, suspensions: [] },
  ] as const;
  return { ...trace, spans: trace.spans.map((span, i) => ({ ...span, ...times[i] })) };
}

/** The same once more, half a second later. */
export function later(): Trace {
  return overlapping({ spanBase: '11f067aa0ba902b7', timeOrigin: 1_700_000_000_500 });
}

/** A recursion of `depth` calls, with nothing but times. */
export function recursion(depth: number): Trace {
  const { spans, children, ...rest } = overlapping();
  const [first] = spans;
  if (first === undefined) throw new Error(`a sample without spans and with ${children.length} children`);
  return {
    ...rest,
    children: [1],
    spans: Array.from({ length: depth }, (_, i) => ({
      ...first,
      number: i + 1,
      spanId: (i + 1).toString(16).padStart(16, '0'),
      parent: i,
      start: i,
      end: 2 * depth - i,
      args: [],
      suspensions: [],
      outcome: { kind: 'returned', value: toModel(i) } as const,
      children: i + 1 === depth ? [] : [i + 2],
    })),
  };
}

/** Everything that an import may claim: times that go backwards, no numbers, parents that come later, endless texts, markup. */
export function hostile(): Trace {
  const trace = overlapping();
  const name = `${'x'.repeat(1_000_000)}"]\n--> \\ "; <b>#quot;`;
  return {
    ...trace,
    root: { ...trace.root, name },
    spans: trace.spans.map((span, i) => ({
      ...span,
      parent: i === 0 ? 3 : span.parent,
      start: i === 1 ? Number.NaN : 50 - 20 * i,
      end: i === 2 ? Number.NEGATIVE_INFINITY : 10,
      function: { ...span.function, name: i === 0 ? name : span.function.name },
    })),
  };
}
