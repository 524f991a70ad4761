import { afterEach, describe, expect, it } from 'vitest';
import { functions, losses, plain, R, record, shape, span, spanOf } from './recorder-harness.ts';
import type { Recording } from './recorder-harness.ts';
import { recorderStats } from '../src/recorder.ts';
import { callsOf } from '../src/gates.ts';

let recording: Recording | undefined;
afterEach(() => {
  recording?.stop();
  recording = undefined;
});

const f = functions({
  outer: { parameters: ['a', 'b'] },
  inner: { parameters: ['x'] },
  fails: { parameters: ['n'], bindings: ['early', 'late', 'never'], sites: [[1, 5, [0, 1, 2]]], positions: [[], [0], [0, 1], [0, 1, 2]] },
  many: { parameters: ['p0', 'p1', 'p2', 'p3', 'p4', 'p5', 'p6', 'p7', 'p8', 'p9'], sites: [[3, 1, [8, 9]]] },
  fib: { parameters: ['n'] },
  lines: {
    bindings: ['i'],
    sites: [
      [2, 3, [0]],
      [2, 4, []],
      [0, 5, [0]],
    ],
  },
  quiet: { level: 1, parameters: ['n'] },
  valuesOnly: { level: 2, parameters: ['n'], bindings: ['x'], sites: [[0, 5, [0]]] },
});

function outer(a: unknown, b: unknown): unknown {
  const s = R.enter2(f.outer, 0, a, b);
  let r: unknown;
  try {
    inner(1);
    return ((r = inner(2)), s !== 0 && R.exit(s, r), r);
  } catch (e) {
    throw s === 0 ? e : R.thrown(s, e, 0);
  }
}

function inner(x: number): number {
  const s = R.enter1(f.inner, 0, x);
  let r: number;
  try {
    return ((r = x * 10), s !== 0 && R.exit(s, r), r);
  } catch (e) {
    throw s === 0 ? e : R.thrown(s, e, 0);
  }
}

function fails(n: number, error: unknown): number {
  const s = R.enter1(f.fails, 0, n);
  let early_: unknown;
  let late_: unknown;
  let never_: unknown;
  let p = 0;
  try {
    early_ = n + 1;
    p = 1;
    if (n > 0) fails(n - 1, error);
    late_ = 'assigned';
    p = 2;
    throw error;
  } catch (e) {
    throw s === 0 ? e : (R.values3(s, 0, early_, late_, never_), R.thrown(s, e, p));
  }
}

function fib(n: number): number {
  const s = R.enter1(f.fib, 0, n);
  let r: number;
  try {
    return ((r = n < 2 ? n : fib(n - 1) + fib(n - 2)), s !== 0 && R.exit(s, r), r);
  } catch (e) {
    throw s === 0 ? e : R.thrown(s, e, 0);
  }
}

describe('a synchronous program', () => {
  it('becomes a tree with arguments and return values', () => {
    recording = record();
    expect(outer('x', { y: [1] })).toBe(20);
    const trace = recording.trace();
    expect(shape(trace)).toBe('top:outer(inner inner)');
    expect(spanOf(trace, 'outer').args.map((arg) => [arg.name, plain(arg.value)])).toEqual([
      ['a', 'x'],
      ['b', { y: [1] }],
    ]);
    expect(span(trace, 3).outcome).toMatchObject({ kind: 'returned', value: { kind: 'number', value: 20 } });
    expect(trace.root).toMatchObject({ kind: 'script', name: 'script' });
    expect(losses(trace)).toEqual({});
  });

  it('records a recursion with every level in its place', () => {
    recording = record();
    expect(fib(15)).toBe(610);
    const trace = recording.trace();
    expect(trace.spans).toHaveLength(1973);
    expect(
      trace.spans.every(
        (one) => one.outcome.kind === 'returned' && one.children.length === (Number(plain(one.args[0]?.value)) < 2 ? 0 : 2),
      ),
    ).toBe(true);
    expect(losses(trace)).toEqual({});
  });

  it('keeps the locals that were alive at a throw and one identity of the error on its way up', () => {
    recording = record();
    const error = new TypeError('no luck');
    expect(() => fails(2, error)).toThrow(error);
    const trace = recording.trace();
    expect(shape(trace)).toBe('top:fails!(fails!(fails!))');
    const [top, , deepest] = trace.spans;
    expect(deepest?.locals?.map((local) => [local.name, plain(local.value)])).toEqual([
      ['early', 1],
      ['late', 'assigned'],
    ]);
    expect(top?.locals?.map((local) => [local.name, plain(local.value)])).toEqual([['early', 3]]);
    const ids = new Set(trace.spans.map((one) => (one.outcome.kind === 'threw' ? one.outcome.errorId : -1)));
    expect(ids.size).toBe(1);
    expect(trace.spans.map((one) => (one.outcome.kind === 'threw' ? plain(one.outcome.error) : ''))).toEqual(
      Array(3).fill('TypeError: no luck'),
    );
  });

  it.each([undefined, null, 0, '', Number.NaN, 'text', Symbol('s'), 1n])('records %o as a thrown value and gives it back', (value) => {
    recording = record();
    let seen: unknown = 'nothing';
    try {
      fails(1, value);
    } catch (e) {
      seen = e;
    }
    expect(seen).toBe(value);
    const trace = recording.trace();
    expect(shape(trace)).toBe('top:fails!(fails!)');
    const ids = trace.spans.map((one) => (one.outcome.kind === 'threw' ? one.outcome.errorId : -1));
    expect(ids[0]).toBe(ids[1]);
    expect(ids[0]).toBeGreaterThan(0);
  });

  it('tells two throws of equal primitives apart', () => {
    recording = record();
    for (let i = 0; i < 2; i++) expect(() => fails(0, 'same')).toThrow('same');
    const [first, second] = recording.trace().spans;
    expect(first?.outcome).toMatchObject({ kind: 'threw' });
    expect((first?.outcome as { errorId: number }).errorId).not.toBe((second?.outcome as { errorId: number }).errorId);
  });

  it('takes more than eight parameters in a second call', () => {
    recording = record();
    const s = R.enter8(f.many, 0, 0, 1, 2, 3, 4, 5, 6, 7);
    R.values2(s, 0, 8, 9);
    R.exit(s, undefined);
    expect(recording.trace().spans[0]?.args.map((arg) => plain(arg.value))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('writes each arity of enter and values', () => {
    recording = record();
    const values = [1.5, 'two', null, true, undefined, false, -0, 8n];
    const arities = functions({
      arity: {
        parameters: ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'],
        bindings: ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'],
        sites: Array.from({ length: 9 }, (_, n) => [0, n + 1, Array.from({ length: n }, (__, i) => i)] as const),
      },
    });
    const top = R.enter0(f.outer, 0);
    for (let n = 0; n <= 8; n++) {
      const enter = R[`enter${n}` as 'enter8'] as (fn: number, parent: number, ...v: unknown[]) => number;
      const give = R[`values${n}` as 'values8'] as (s: number, site: number, ...v: unknown[]) => void;
      const s = enter(arities.arity, 0, ...values.slice(0, n));
      give(s, n, ...values.slice(0, n));
      R.exit(s, n);
    }
    R.exit(top, 0);
    const trace = recording.trace();
    for (let n = 0; n <= 8; n++) {
      const one = span(trace, n + 2);
      expect(one.args.map((arg) => plain(arg.value))).toEqual(values.slice(0, n));
      if (n > 0) expect(one.locals?.map((local) => plain(local.value))).toEqual(values.slice(0, n));
    }
    expect(losses(trace)).toEqual({});
  });

  it('records statements with the locals that changed', () => {
    recording = record();
    const s = R.enter0(f.lines, 0);
    R.values1(s, 0, 1);
    R.values0(s, 1);
    R.values1(s, 2, 7);
    R.exit(s, 7);
    const one = recording.trace().spans[0];
    expect(one?.lines.map((line) => [line.line, line.changed.map((change) => plain(change.value))])).toEqual([
      [3, [1]],
      [4, []],
    ]);
    expect(one?.locals?.map((local) => plain(local.value))).toEqual([7]);
  });

  it.each([
    ['lines', 2, true, true],
    ['locals', 0, true, true],
    ['values', 0, false, true],
    ['calls', 0, false, false],
  ] as const)('reports no more than level %s asks for', (level, lines, locals, values) => {
    recording = record({ level });
    for (let nested = 0; nested < 2; nested++) {
      const below = nested === 1 ? R.enter0(f.outer, 0) : 0;
      const s = R.enter0(f.lines, 0);
      R.values1(s, 0, 1);
      R.values0(s, 1);
      R.values1(s, 2, 7);
      R.exit(s, 7);
      if (nested === 1) R.exit(below, 1);
    }
    const trace = recording.trace();
    for (const one of trace.spans.filter((each) => each.function.name === 'lines')) {
      expect(one.lines).toHaveLength(lines);
      expect(one.locals !== undefined).toBe(locals);
      expect(one.outcome.kind === 'returned' && one.outcome.value !== undefined).toBe(values);
    }
  });

  it('reports no more than a function was built for', () => {
    recording = record();
    const top = R.enter0(f.outer, 0);
    const calls = R.enter1(f.quiet, 0, 5);
    R.exit(calls, 6);
    const values = R.enter1(f.valuesOnly, 0, 5);
    R.values1(values, 0, 1);
    R.exit(values, 6);
    R.exit(top, 0);
    const trace = recording.trace();
    expect(spanOf(trace, 'quiet')).toMatchObject({ args: [], outcome: { kind: 'returned' } });
    expect(spanOf(trace, 'quiet').outcome).not.toHaveProperty('value');
    expect(spanOf(trace, 'valuesOnly').args).toHaveLength(1);
    expect(spanOf(trace, 'valuesOnly').locals).toBeUndefined();
  });

  it('records an error even where only calls are asked for', () => {
    recording = record({ level: 'calls' });
    expect(() => fails(0, new RangeError('r'))).toThrow(RangeError);
    expect(recording.trace().spans[0]?.outcome).toMatchObject({ kind: 'threw', error: { message: 'r' } });
  });

  it('counts calls exactly while it is on and nothing while it is off', () => {
    recording = record();
    const before = callsOf(f.fib);
    fib(10);
    expect(callsOf(f.fib) - before).toBe(177);
    recording.stop();
    fib(10);
    expect(callsOf(f.fib) - before).toBe(177);
  });

  it('fills many chunks without losing an event', () => {
    recording = record({ maxBytes: 64 * 1024 * 1024 });
    expect(fib(22)).toBe(17711);
    const trace = recording.trace();
    expect(trace.spans).toHaveLength(57313);
    expect(losses(trace)).toEqual({});
    expect(trace.spans.filter((one) => one.outcome.kind !== 'returned')).toHaveLength(0);
    expect(recorderStats().openSpans).toBe(0);
  });

  it('reads the clock at the ends of a run and keeps time in order', () => {
    let time = 0;
    recording = record({ now: () => (time += 5), timeOrigin: 1_000_000 });
    outer(1, 2);
    const trace = recording.trace();
    const top = spanOf(trace, 'outer');
    expect(top.end).toBeGreaterThan(top.start);
    for (const one of trace.spans) expect([one.start >= top.start, (one.end as number) <= (top.end as number)]).toEqual([true, true]);
    expect(trace.startTime).toBe(1_000_005);
  });

  it('reads the clock at every event when it is to be precise', () => {
    let time = 0;
    recording = record({ now: () => ++time, clock: 'precise' });
    outer(1, 2);
    const trace = recording.trace();
    const times = [...trace.spans.flatMap((one) => [one.start, one.end as number])].sort((a, b) => a - b);
    expect(new Set(times).size).toBe(6);
    expect(times.every(Number.isInteger)).toBe(true);
  });
});

it('writes no element through a setter that the program put on Array.prototype', () => {
  recording = record({ maxBytes: 64 * 1024 * 1024 });
  let sets = 0;
  Object.defineProperty(Array.prototype, '7', {
    configurable: true,
    get: () => undefined,
    set() {
      sets++;
    },
  });
  try {
    outer('some', 'text');
    // More than eight chunks.
    for (let i = 0; i < 6000; i++) inner(i);
  } finally {
    Reflect.deleteProperty(Array.prototype, '7');
  }
  expect(sets).toBe(0);
  expect(losses(recording.traces()[0] as never)).toEqual({});
});
