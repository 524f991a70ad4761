import { afterEach, describe, expect, it } from 'vitest';
import { beQuiet } from '../src/columns.ts';
import { cursor } from '../src/cursor.ts';
import { DEFAULT_LIMITS } from '../src/recorder-config.ts';
import { endRoot, openRoot, runInRoot, stopRecorder } from '../src/recorder.ts';
import { askIn, callsOf, charge, detailOf, leftOf, levelOf, MOST_LEFT, onAllowance, setRung } from '../src/gates.ts';
import { asks, functions, GENERATOR, LEXICAL_PARENT, losses, plain, R, record, shape, span } from './recorder-harness.ts';
import type { Recording } from './recorder-harness.ts';

const f = functions({
  plain: { parameters: ['a'] },
  lexical: { flags: LEXICAL_PARENT, parameters: ['a'] },
  generator: { flags: GENERATOR, parameters: ['a'] },
  caller: {},
  thrower: { parameters: ['a'], bindings: ['x'], sites: [[1, 3, [0]]], positions: [[], [0]] },
});

let recording: Recording | undefined;
afterEach(() => {
  recording?.stop();
  onAllowance(undefined);
});

function call(fn: number, value: unknown = 1): number {
  const s = R.enter1(fn, 0, value);
  if (s !== 0) R.exit(s, value);
  return s;
}

describe('the gate of a function', () => {
  it.each(['plain', 'lexical', 'generator'] as const)('counts every call exactly whatever is granted, charged or lowered: %s', (name) => {
    recording = record();
    const fn = f[name];
    const before = callsOf(fn);
    const outer = R.enter0(f.caller, 0);
    for (let i = 0; i < 10; i++) call(fn);
    askIn(fn, 3);
    for (let i = 0; i < 2; i++) call(fn);
    charge(fn, 1_000);
    for (let i = 0; i < 5; i++) call(fn);
    setRung(fn, 0, 0);
    for (let i = 0; i < 7; i++) expect(call(fn)).toBe(0);
    setRung(fn, 4, 0);
    call(fn);
    R.exit(outer);
    expect(callsOf(fn) - before).toBe(25);
    expect(recording.trace().spans).toHaveLength(1 + 18);
  });

  it.each(['plain', 'lexical', 'generator'] as const)('asks when its calls are used up, and not before: %s', (name) => {
    recording = record();
    const fn = f[name];
    const asked: [fn: number, counted: boolean, calls: number][] = [];
    const start = callsOf(fn);
    onAllowance((which, counted) => {
      asked.push([which, counted, callsOf(which) - start]);
      askIn(which, 2);
      return false;
    });
    const outer = R.enter0(f.caller, 0);
    askIn(fn, 3);
    for (let i = 0; i < 8; i++) call(fn);
    R.exit(outer);
    expect(asked).toEqual([
      [fn, false, 4],
      [fn, false, 7],
    ]);
  });

  it('asks for counted calls without a recorded caller each time, with one only when the calls are used up', () => {
    recording = record();
    const asked: boolean[] = [];
    onAllowance((which, counted) => {
      asked.push(counted);
      askIn(which, 5);
      return false;
    });
    setRung(f.plain, 0, 0);
    askIn(f.plain, 5);
    call(f.plain);
    call(f.plain);
    expect(asked).toEqual([true, true]);
    const outer = R.enter0(f.caller, 0);
    for (let i = 0; i < 6; i++) call(f.plain);
    R.exit(outer);
    expect(asked).toEqual([true, true, true]);
  });

  it('is refilled without a question when nobody wants to be asked', () => {
    recording = record();
    askIn(f.plain, 1);
    for (let i = 0; i < 4; i++) expect(call(f.plain)).not.toBe(0);
    expect(leftOf(f.plain)).toBeGreaterThan(MOST_LEFT - 4);
  });

  it('is never above what was asked for', () => {
    recording = record({ level: 'values' });
    setRung(f.plain, 4, 1);
    expect([levelOf(f.plain), detailOf(f.plain)]).toEqual([2, 1]);
  });

  it('hangs the callees of counted calls under the nearest recorded caller', () => {
    recording = record();
    const outer = R.enter0(f.caller, 0);
    setRung(f.plain, 0, 0);
    expect(R.enter1(f.plain, 0, 1)).toBe(0);
    call(f.lexical);
    R.exit(outer);
    const trace = recording.trace();
    expect(shape(trace)).toBe('top:caller(lexical)');
    expect(losses(trace)).toEqual({});
  });
});

describe("the gate in a module's own code", () => {
  it('lets everything pass while nothing is recorded, and counts none of it; recorded, each call asks', () => {
    const fn = functions({ late: { parameters: ['a'] } }).late;
    for (let i = 0; i < 3; i++) expect(asks(fn)).toBe(false);
    expect(callsOf(fn)).toBe(0);
    recording = record();
    for (let i = 0; i < 3; i++) {
      expect(asks(fn)).toBe(true);
      call(fn);
    }
    stopRecorder();
    expect(asks(fn)).toBe(false);
    expect(callsOf(fn)).toBe(3);
  });

  it('records nobody on the way in while exporters work', () => {
    recording = record();
    const [outer, inner] = [R.enter0(f.caller, 0), R.enter1(f.plain, 0, 1)];
    beQuiet(true);
    R.exit(inner, 1);
    expect(call(f.lexical)).toBe(0);
    beQuiet(false);
    expect(call(f.lexical)).not.toBe(0);
    R.exit(outer);
    expect(shape(recording.trace())).toBe('top:caller(plain lexical)');
  });

  it('rests from the start in a module that is loaded while nothing is recorded, and asks in one that is loaded later', () => {
    const gates = R.gates(2);
    expect([...gates].every((left) => left > 1e9)).toBe(true);
    recording = record();
    expect([...gates, ...R.gates(1)]).toEqual([0, 0, 0]);
  });

  it('takes the calls of a function that is only counted, exactly as many as were granted', () => {
    recording = record();
    const fn = functions({ counted: { parameters: ['a'] } }).counted;
    const outer = R.enter0(f.caller, 0);
    setRung(fn, 0, 0);
    askIn(fn, 5);
    const asked = Array.from({ length: 6 }, () => asks(fn));
    expect(asked).toEqual([false, false, false, false, false, true]);
    expect(callsOf(fn)).toBe(5);
    expect(R.enter1(fn, 0, 1)).toBe(0);
    expect(callsOf(fn)).toBe(6);
    R.exit(outer);
  });

  it('asks at each call of a function that was seen on an empty stack: whose its calls are is not known before', () => {
    recording = record();
    const fn = functions({ bottom: { parameters: ['a'] } }).bottom;
    call(fn);
    const outer = R.enter0(f.caller, 0);
    setRung(fn, 0, 0);
    askIn(fn, 100);
    for (let i = 0; i < 3; i++) {
      expect(asks(fn)).toBe(true);
      expect(call(fn)).toBe(0);
    }
    R.exit(outer);
    expect(callsOf(fn)).toBe(4);
    expect(leftOf(fn)).toBe(97);
  });

  it('of a module that was evaluated twice asks in the second copy, and calls of both are counted', () => {
    recording = record();
    const twice = (): [fn: number, gates: Int32Array] => {
      const gates = R.gates(1);
      return [R.register({ v: 1, id: 'src/twice.ts', f: [['f', 1, 1, 4, ['a'], [], [], [[]], 1]] }, gates), gates];
    };
    const [fn, first] = twice();
    const [again, second] = twice();
    expect(again).toBe(fn);
    const outer = R.enter0(f.caller, 0);
    setRung(fn, 0, 0);
    askIn(fn, 10);
    expect([first[0], second[0]]).toEqual([10, 0]);
    first[0] = 8;
    call(fn);
    R.exit(outer);
    expect(callsOf(fn)).toBe(3);
  });
});

describe('the detail of a function', () => {
  const value = { a: { b: 1 }, list: [1, 2] };
  const recordWith = (detail: number): unknown[] => {
    recording = record();
    setRung(f.plain, 4, detail);
    const s = R.enter1(f.plain, 0, value);
    R.exit(s, value.list);
    const one = span(recording.trace(), 1);
    return [plain(one.args[0]?.value), plain(one.outcome.kind === 'returned' ? one.outcome.value : undefined)];
  };

  it('deep shows objects whole', () => {
    expect(recordWith(0)).toEqual([value, [1, 2]]);
  });

  it('shallow shows one level and says that the budget left out the rest', () => {
    expect(recordWith(1)).toEqual([{ a: 'cut budget Object -1', list: 'cut budget Array 2' }, [1, 2]]);
  });

  it('flat says only that there is an object, and the length of arrays', () => {
    expect(recordWith(2)).toEqual(['cut budget  -1', 'cut budget Array 2']);
  });
});

describe('objects of a hot function', () => {
  const value = { a: 1 };
  const argument = (n: number): unknown => plain(span(trace, n).args[0]?.value);
  let trace: ReturnType<Recording['trace']>;
  const run = (calls: number, config: Parameters<typeof record>[0] = {}): void => {
    recording = record(config);
    const outer = R.enter0(f.caller, 0);
    for (let i = 0; i < calls; i++) call(f.plain, value);
    R.exit(outer);
    trace = recording.trace();
  };

  it('are whole in the first 32 calls, then as often as the calls between pay for, with arguments and result alike; elsewhere the trace says that they are left out', () => {
    run(450);
    const whole: number[] = [];
    for (let n = 2; n <= 451; n++) {
      const { outcome } = span(trace, n);
      const result = outcome.kind === 'returned' ? plain(outcome.value) : undefined;
      expect(result).toEqual(argument(n));
      if (typeof argument(n) === 'object') whole.push(n - 1);
      else expect(argument(n)).toBe('cut hot  -1');
    }
    expect(whole).toEqual([...Array.from({ length: 32 }, (_, i) => i + 1), 96, 416]);
    expect(losses(trace)).toEqual({});
  });

  it("are whole in a function's first call in each root", () => {
    run(100);
    recording?.stop();
    recording = record();
    for (let root = 0; root < 3; root++) {
      for (let i = 0; i < 50; i++) call(f.plain, value);
      recording.traces();
    }
    const spans = recording.traces().flatMap((one) => one.spans.map((each) => plain(each.args[0]?.value)));
    expect(spans.filter((each) => typeof each === 'object')).toHaveLength(32 + 1 + 1);
  });

  it('are left out, and marked, when roots follow each other faster than snapshots can be paid; a pause pays for them again', () => {
    let time = 0;
    recording = record({ now: () => time, maxBytes: 2 ** 30, limits: { ...DEFAULT_LIMITS, nodes: 300 } });
    const large = Array.from({ length: 100 }, () => [1, 2, 3]);
    const nodesBefore = cursor.nodes;
    const roots = 250;
    const inRoot = (): void => {
      const root = openRoot({ kind: 'task', name: 'r' });
      runInRoot(root, () => call(f.plain, large));
      endRoot(root);
    };
    for (let i = 0; i < roots; i++) inRoot();
    // 100,000 values to begin with; the last call, of two snapshots, may overdraw, and the first one and another pay for themselves.
    expect(cursor.nodes - nodesBefore).toBeLessThan(100_000 + 3 * 600);
    expect(cursor.nodes - nodesBefore).toBeGreaterThan(99_000);
    time += 1000;
    inRoot();
    const shown = recording.traces().map((one) => plain(one.spans[0]?.args[0]?.value));
    expect(Array.isArray(shown[0])).toBe(true);
    expect(shown[roots - 1]).toBe('cut hot Array 100');
    expect(Array.isArray(shown[roots])).toBe(true);
  });

  it('are whole everywhere when that is asked for', () => {
    run(100, { objects: 'all' });
    for (let n = 2; n <= 101; n++) expect(argument(n)).toEqual(value);
  });

  it('are whole where a throw reports locals', () => {
    recording = record();
    for (let i = 0; i < 40; i++) {
      const s = R.enter1(f.thrower, 0, value);
      R.values1(s, 0, value);
      R.thrown(s, new Error('x'), 1);
    }
    const last = span(recording.traces()[0] as NonNullable<typeof trace>, 40);
    expect(plain(last.args[0]?.value)).toBe('cut hot  -1');
    expect(last.locals?.map((each) => plain(each.value))).toEqual([value]);
  });
});
