/** Profile `codegen`: a few complete calls of each function and of each outcome, and a number for the rest. */
import { afterEach, describe, expect, it } from 'vitest';
import type { Trace } from '@captureflow/trace';
import { drainRoots, recorderStats } from '../src/recorder.ts';
import { ASYNC, functions, LEXICAL_PARENT, plain, R, record, shape, span, spanOf, spansOf, turn } from './recorder-harness.ts';
import type { Recording } from './recorder-harness.ts';

let recording: Recording | undefined;
afterEach(() => {
  recording?.stop();
  recording = undefined;
});

const f = functions({
  main: { parameters: ['n'] },
  other: { parameters: ['n'] },
  helper: { parameters: ['n'] },
  waits: { flags: ASYNC, parameters: ['n'] },
  maker: { flags: LEXICAL_PARENT, parameters: ['n'] },
});

function examples(): Recording {
  return record({ examples: true, objects: 'all', maxBytes: 64 * 1024 * 1024 });
}

function call(fn: number, argument: unknown, body: () => unknown): unknown {
  const s = R.enter1(fn, 0, argument);
  try {
    const value = body();
    if (s !== 0) R.exit(s, value);
    return value;
  } catch (error) {
    throw s === 0 ? error : R.thrown(s, error, 0);
  }
}

function told(trace: Trace, name: string): number {
  const elided = trace.elided.filter((entry) => entry.function.name === name);
  return spansOf(trace, name).length + elided.reduce((sum, { count }) => sum + count, 0);
}

describe('recording for examples', () => {
  it('keeps the first calls of a function and counts the thousandth identical one', () => {
    recording = examples();
    for (let i = 0; i < 1000; i++) call(f.helper, i, () => i);
    const trace = recording.trace();
    expect(spansOf(trace, 'helper').map(({ args }) => plain(args[0]?.value))).toEqual([0, 1, 2, 3, 4]);
    expect(told(trace, 'helper')).toBe(1000);
    expect(trace.dropped).toEqual({});
  });

  it('keeps a late call with an outcome that is new, with its input', () => {
    recording = examples();
    for (let i = 0; i < 1000; i++) {
      try {
        call(f.helper, { i }, () => {
          if (i === 700) throw new RangeError('too many');
          return i === 800 ? null : i;
        });
      } catch {
        // The program goes on.
      }
    }
    const trace = recording.trace();
    const late = spansOf(trace, 'helper').slice(5);
    expect(late.map(({ args, outcome }) => [plain(args[0]?.value), outcome.kind])).toEqual([
      [{ i: 700 }, 'threw'],
      [{ i: 800 }, 'returned'],
    ]);
    expect(told(trace, 'helper')).toBe(1000);
  });

  it('keeps the way to something new, and the calls beside it that its caller made first', () => {
    recording = examples();
    for (let i = 0; i < 20; i++) {
      call(f.main, i, () => {
        for (let j = 0; j < 100; j++) call(f.helper, j, () => j);
        return i === 15 ? 'new' : i;
      });
    }
    const trace = recording.trace();
    const mains = spansOf(trace, 'main');
    expect(mains).toHaveLength(6);
    const last = mains.at(-1);
    expect(plain(last?.outcome.kind === 'returned' ? last.outcome.value : undefined)).toBe('new');
    expect(last?.children).toHaveLength(16);
    expect(told(trace, 'helper')).toBe(2000);
    expect(told(trace, 'main')).toBe(20);
  });

  it('takes back what was called inside, with numbers and strings and objects, and leaves the rest as it is', () => {
    recording = examples();
    const deep = (level: number): unknown => call(f.other, [level, 1.5, 'text', { level }], () => (level === 0 ? 'end' : deep(level - 1)));
    for (let i = 0; i < 200; i++) call(f.main, i, () => deep(i % 7));
    call(f.helper, 'after', () => 2.5);
    const trace = recording.trace();
    expect(told(trace, 'main')).toBe(200);
    expect(told(trace, 'other')).toBe(Array.from({ length: 200 }, (_, i) => (i % 7) + 1).reduce((a, b) => a + b, 0));
    const after = spanOf(trace, 'helper');
    expect(plain(after.args[0]?.value)).toBe('after');
    expect(plain(after.outcome.kind === 'returned' ? after.outcome.value : undefined)).toBe(2.5);
    for (const one of spansOf(trace, 'other')) {
      const [level, half, text, object] = plain(one.args[0]?.value) as [number, number, string, { level: number }];
      expect([half, text, object.level]).toEqual([1.5, 'text', level]);
    }
    expect(trace.dropped).toEqual({});
    expect(recorderStats().openSpans).toBe(0);
  });

  it('leaves what waits alone', async () => {
    recording = examples();
    const all: Promise<void>[] = [];
    for (let i = 0; i < 50; i++) {
      const s = R.enter1(f.waits, 0, i);
      R.suspend(s, undefined);
      all.push(
        turn().then(() => {
          R.resume(s, undefined);
          call(f.helper, i, () => i);
          R.exit(s, i);
        }),
      );
    }
    await Promise.all(all);
    const trace = recording.trace();
    expect(spansOf(trace, 'waits').every(({ outcome }) => outcome.kind === 'returned')).toBe(true);
    expect(spansOf(trace, 'waits')).toHaveLength(50);
    expect(told(trace, 'helper')).toBe(50);
    expect(trace.dropped).toEqual({});
  });

  it('does not hang the callback of a call that was taken back under another one', () => {
    recording = examples();
    const tokens: number[] = [];
    for (let i = 0; i < 100; i++) {
      const s = R.enter1(f.maker, 0, i);
      tokens.push(s);
      R.exit(s, i);
    }
    call(f.main, 0, () => 0);
    for (const [i, token] of tokens.entries()) {
      const s = R.enter1(f.helper, token, i);
      R.exit(s, i === 99 ? 'new' : i);
    }
    const trace = recording.trace();
    for (const one of spansOf(trace, 'helper')) {
      const parent = one.parent === 0 ? undefined : span(trace, one.parent);
      if (parent !== undefined) expect(plain(parent.args[0]?.value)).toBe(plain(one.args[0]?.value));
    }
    expect(shape(trace)).toContain('helper');
    expect(trace.dropped).toEqual({});
  });

  it('shows an error that was first thrown by a call which was taken back', () => {
    recording = examples();
    const fail = (): unknown =>
      call(f.helper, 0, () => {
        throw new TypeError('known');
      });
    for (let i = 0; i < 50; i++) {
      call(f.main, 0, () => {
        for (let j = 0; j < 30; j++) {
          try {
            fail();
          } catch {
            // Known by now.
          }
        }
        return 0;
      });
    }
    try {
      call(f.other, 0, () => fail());
    } catch {
      // As it should.
    }
    const trace = recording.trace();
    const { outcome } = spanOf(trace, 'other');
    expect(outcome.kind === 'threw' ? plain(outcome.error) : undefined).toBe('TypeError: known');
    expect(trace.dropped).toEqual({});
  });

  it('shows an error that is thrown again after the calls that threw it first were taken back', () => {
    recording = examples();
    const error = new TypeError('cached');
    const fail = (): unknown =>
      call(f.helper, 0, () => {
        throw error;
      });
    for (let i = 0; i < 20; i++) {
      call(f.main, 0, () => {
        try {
          fail();
        } catch {
          // Known by now.
        }
        return 0;
      });
    }
    try {
      call(f.other, 0, () => {
        throw error;
      });
    } catch {
      // As it should.
    }
    const trace = recording.trace();
    const { outcome } = spanOf(trace, 'other');
    expect(outcome.kind === 'threw' ? plain(outcome.error) : undefined).toBe('TypeError: cached');
    expect(trace.dropped).toEqual({});
  });

  it('keeps a call that ran a generator to its end, and the generator', () => {
    recording = examples();
    for (let i = 0; i < 30; i++) {
      const s = R.enter1(f.waits, 0, i);
      R.suspendYield(s, 1);
      call(f.main, i, () => {
        R.resume(s, 1);
        R.exit(s, i);
        return i;
      });
    }
    const trace = recording.trace();
    expect(spansOf(trace, 'waits').map(({ outcome }) => outcome.kind)).toEqual(Array.from({ length: 30 }, () => 'returned'));
    expect(trace.dropped).toEqual({});
  });

  it('holds to the columns when chunks and parts change in between', () => {
    recording = examples();
    for (let part = 0; part < 3; part++) {
      for (let i = 0; i < 3000; i++)
        call(f.main, 'x'.repeat(i % 50), () => (i % 100 === 0 ? { [`k${i}`]: i } : call(f.helper, i, () => i)));
      drainRoots(true);
    }
    const traces = recording.traces();
    expect(traces.map(({ dropped }) => dropped)).toEqual([{}, {}, {}]);
    expect(traces.reduce((sum, trace) => sum + told(trace, 'main'), 0)).toBe(9000);
    expect(recorderStats().openSpans).toBe(0);
  });
});
