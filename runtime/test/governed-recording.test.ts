/** The governor at work on the real recorder: what is left out is counted, exactly, and said in the trace. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Trace } from '@captureflow/trace';
import { Op, OP_BITS } from '@captureflow/trace/wire';
import { governorStats } from '../src/governed-functions.ts';
import { keptRoots } from '../src/kept-roots.ts';
import { drainRoots, endRoot, openRoot, recorderStats, runInRoot } from '../src/recorder.ts';
import type { RecorderConfig, Root } from '../src/recorder-config.ts';
import { ASYNC, asks, functions, LEXICAL_PARENT, R, record, spansOf, turn } from './recorder-harness.ts';
import type { Recording } from './recorder-harness.ts';

let recording: Recording | undefined;
afterEach(() => {
  recording?.stop();
  recording = undefined;
});

const f = functions({
  main: { parameters: ['n'] },
  leaf: { parameters: ['n'] },
  rare: { parameters: ['o'] },
  takes: { parameters: ['o'] },
  waits: { flags: ASYNC, parameters: ['o'] },
  maker: { flags: LEXICAL_PARENT, parameters: ['n'] },
  loner: { parameters: ['n'] },
  loops: { bindings: ['i'], sites: [[2, 2, [0]]] },
});

/** A clock that the test moves; the program is busy all the time. */
let time = 0;
function governed(config: Partial<RecorderConfig> = {}): Recording {
  time = 1000;
  const now = (): number => time;
  return record({ budget: 0.05, now, processorTime: now, maxBytes: 256 * 1024 * 1024, ...config });
}

function call(fn: number, value: unknown, body: () => void = () => {}): void {
  const s = asks(fn) ? R.enter1(fn, 0, value) : 0;
  body();
  if (s !== 0) R.exit(s, value);
}

function repeat(times: number, ms: number, work: (i: number) => void): void {
  for (let i = 0; i < times; i++) {
    time += ms / times;
    work(i);
  }
}

/** Calls of one function that a trace knows of, recorded or not. */
function told(trace: Trace, name: string): number {
  const elided = [trace.elided, ...trace.spans.map((span) => span.elided)].flat().filter((entry) => entry.function.name === name);
  return spansOf(trace, name).length + elided.reduce((sum, { count }) => sum + count, 0);
}

describe('a hot function', () => {
  it('is counted and not recorded beyond its allowance, and the trace says how often it ran', () => {
    recording = governed({ budget: 0.02 });
    call(f.main, 0, () => repeat(100_000, 40, (i) => call(f.leaf, i)));
    const trace = recording.trace();
    const recorded = spansOf(trace, 'leaf');
    expect(recorded.length).toBeLessThan(50_000);
    expect(recorded.length).toBeGreaterThan(1000);
    expect(told(trace, 'leaf')).toBe(100_000);
    expect(spansOf(trace, 'main')).toHaveLength(1);
    expect(trace.dropped).toEqual({});
  });

  it('shows complete calls from every part of its time', () => {
    recording = governed({ budget: 0.001 });
    call(f.main, 0, () => repeat(100_000, 1000, (i) => call(f.leaf, i)));
    const seen = new Set(
      spansOf(recording.trace(), 'leaf').map(({ args }) =>
        args[0]?.value.kind === 'number' ? Math.floor(args[0].value.value / 10_000) : -1,
      ),
    );
    expect([...seen].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('is complete again when the program has been idle, without a call that asks for it', async () => {
    let busyUntil = Number.POSITIVE_INFINITY;
    recording = governed({ budget: 0.001, processorTime: () => Math.min(time, busyUntil) });
    call(f.main, 0, () => repeat(100_000, 400, (i) => call(f.leaf, i)));
    busyUntil = time;
    // A first look finds that no time has passed.
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(governorStats()?.lowered).toMatchObject([{ name: 'leaf', reports: 'counts' }]);
    time += 1500;
    await vi.waitFor(() => expect(governorStats()?.lowered).toEqual([]), 5000);
  });

  it('does not cost a rare one its detail', () => {
    recording = governed({ budget: 0.01 });
    call(f.main, 0, () =>
      repeat(100_000, 400, (i) => {
        call(f.leaf, i);
        if (i % 1000 === 0) call(f.rare, { a: { b: { c: i } } });
      }),
    );
    const rare = spansOf(recording.trace(), 'rare');
    expect(rare).toHaveLength(100);
    expect(JSON.stringify(rare.map(({ args }) => args))).not.toContain('"cut"');
  });

  it('with large arguments reports less of them before it reports none, and says that it was the budget', () => {
    recording = governed();
    const big = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`k${i}`, { deep: [i, i, i] }]));
    call(f.main, 0, () => repeat(20_000, 100, () => call(f.takes, big)));
    const trace = recording.trace();
    const kinds = spansOf(trace, 'takes').map(({ args }) => {
      const value = args[0]?.value;
      if (value?.kind === 'cut') return value.reason;
      const inner = value?.kind === 'object' ? value.entries[0]?.value : undefined;
      return inner?.kind === 'cut' ? `inner ${inner.reason}` : 'whole';
    });
    expect(new Set(kinds)).toEqual(new Set(['whole', 'inner budget', 'budget']));
    expect(told(trace, 'takes')).toBe(20_000);
  });

  it('that waits keeps its calls, without values', async () => {
    recording = governed({ budget: 0.005 });
    const big = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`k${i}`, { deep: [i, i, i] }]));
    for (let i = 0; i < 5000; i++) {
      time += 0.02;
      const s = R.enter1(f.waits, 0, big);
      R.suspend(s, undefined);
      R.resume(s, undefined);
      R.exit(s, 1);
    }
    const trace = recording.trace();
    expect(trace.elided).toEqual([]);
    expect(spansOf(trace, 'waits')).toHaveLength(5000);
    expect(spansOf(trace, 'waits').filter(({ args }) => args.length === 0).length).toBeGreaterThan(1000);
  });

  it('keeps its detail while others need the whole budget for tokens that can be resumed, which stats() call the floor', () => {
    recording = governed({ budget: 0.002 });
    call(f.main, 0, () =>
      repeat(30_000, 600, (i) => {
        const s = R.enter1(f.waits, 0, i);
        R.suspendYield(s, i);
        R.resume(s, i);
        R.exit(s, i);
        if (i % 10 === 0) call(f.leaf, i);
      }),
    );
    const stats = governorStats();
    expect(stats?.floorShare).toBeGreaterThan(0.003);
    expect(stats?.totalShare).toBeLessThan(0.0025);
    expect(spansOf(recording.trace(), 'leaf')).toHaveLength(3000);
  });

  it('pays for each await with a reading of the clock, which the floor counts', () => {
    recording = governed();
    const pauses = 20_000;
    const ms = 100;
    repeat(pauses / 2, ms, (i) => {
      const s = R.enter1(f.waits, 0, i);
      R.suspend(s, undefined);
      R.resume(s, undefined);
      R.exit(s, 1);
    });
    // 0.2 us each at the least, of which the program is slower by twice as much.
    expect(governorStats()?.floorShare).toBeGreaterThan((2 * pauses * 0.2e-3) / ms);
  });

  it('reports fewer lines when one activation never ends', () => {
    recording = governed();
    const s = R.enter0(f.loops, 0);
    repeat(200_000, 20, (i) => R.values1(s, 0, i));
    R.exit(s, 1);
    const [span] = recording.trace().spans;
    expect(span?.lines.length).toBeLessThan(150_000);
    expect(span?.lines.length).toBeGreaterThan(100);
    expect(span?.outcome.kind).toBe('returned');
  });

  it('gets its detail back when the next window finds it quiet', () => {
    recording = governed();
    call(f.main, 0, () => repeat(200_000, 100, (i) => call(f.leaf, i)));
    call(f.main, 0);
    time += 200;
    call(f.main, 1, () => repeat(5, 5, () => call(f.leaf, -1)));
    // The timer would look; without it the next root does.
    drainRoots(false);
    call(f.main, 2, () => repeat(5, 5, () => call(f.leaf, -2)));
    drainRoots(true);
    const last = recording.traces().flatMap((trace) => spansOf(trace, 'leaf'));
    expect(last.filter(({ args }) => args[0]?.value.kind === 'number' && args[0].value.value === -2)).toHaveLength(5);
  });
});

describe('counts', () => {
  it('of a function that was hot below others belong to the root that calls it first, with nothing on the stack', () => {
    recording = governed({ budget: 0.001 });
    const [hot, first] = ['hot', 'first'].map((name) => openRoot({ kind: 'run', name })) as [Root, Root];
    runInRoot(hot, () => call(f.main, 0, () => repeat(100_000, 40, (i) => call(f.loner, i))));
    runInRoot(first, () => repeat(10, 0.001, (i) => call(f.loner, i)));
    endRoot(hot);
    endRoot(first);
    const told10 = recording.traces().find((trace) => trace.root.name === 'first');
    expect(told10 === undefined ? 0 : told(told10, 'loner')).toBe(10);
  });

  it.each([1, 2, 3, 4, 5, 6])(
    'add up with spans to the calls of every function in every root, in any order of roots (seed %i)',
    async (seed) => {
      let state = seed * 7919;
      const random = (below: number): number => {
        state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
        return (state >>> 8) % below;
      };
      recording = governed({ budget: 0.001 });
      const names = ['leaf', 'rare', 'takes', 'maker'] as const;
      const expected = new Map<string, number>();
      const calls = recorderStats().calls;
      let made = 0;
      const roots = Array.from({ length: 5 }, (_, i) => openRoot({ kind: 'run', name: `root ${i}` }));
      const deep = (root: string, levels: number): void => {
        const name = names[random(names.length)] as (typeof names)[number];
        expected.set(`${root} ${name}`, (expected.get(`${root} ${name}`) ?? 0) + 1);
        made++;
        time += 0.0002;
        call(f[name], random(3) === 0 ? { a: [1, 2, { b: 3 }] } : 7, () => {
          if (levels > 0) for (let i = random(3); i >= 0; i--) deep(root, levels - 1);
        });
      };
      for (let i = 0; i < 3000; i++) {
        const root = roots[random(5)];
        if (root === undefined) continue;
        runInRoot(root, () => {
          for (let j = random(4); j >= 0; j--) deep(root.name, random(6));
        });
        if (random(500) === 0) endRoot(root);
        if (random(500) === 0) drainRoots(false);
        if (random(300) === 0) await turn();
      }
      const traces = recording.traces();
      const seen = new Map<string, number>();
      for (const trace of traces)
        for (const name of names) if (told(trace, name) > 0) seen.set(`${trace.root.name} ${name}`, told(trace, name));
      expect(Object.fromEntries([...seen].sort())).toEqual(Object.fromEntries([...expected].sort()));
      expect(recorderStats().calls - calls).toBe(made);
      expect(traces.some((trace) => trace.elided.length > 0)).toBe(true);
      expect(recorderStats().openSpans).toBe(0);
    },
  );

  it('stand in a segment as they were, however many are handed over before it is encoded', () => {
    const counted: { ops: Int32Array; nums: Float64Array; before: readonly unknown[] }[] = [];
    recording = governed({
      onSegment: ({ chunks }) => {
        const last = chunks.at(-1);
        if (last === undefined || ((last.ops[0] as number) & OP_BITS) !== Op.ELIDED) return;
        const { ops, nums } = last as { ops: Int32Array; nums: Float64Array };
        counted.push({ ops, nums, before: [[...ops], [...nums]] });
      },
    });
    call(f.main, 0, () => repeat(100_000, 50, (i) => call(f.leaf, i)));
    for (let i = 1; i <= 2000; i++) {
      const root = openRoot({ kind: 'run', name: `root ${i}` });
      runInRoot(root, () => repeat(i, 0.01, () => call(f.leaf, i)));
      endRoot(root);
    }
    expect(counted.length).toBeGreaterThan(1000);
    for (const { ops, nums, before } of counted) expect([[...ops], [...nums]]).toEqual(before);
  });

  it('belong to the root of the asynchronous context when nothing recorded is on the stack', () => {
    recording = governed();
    const root = openRoot({ kind: 'http', name: 'request' });
    call(f.main, 0, () => repeat(100_000, 50, (i) => call(f.leaf, i)));
    runInRoot(root, () => repeat(1000, 1, (i) => call(f.leaf, i)));
    repeat(500, 1, (i) => call(f.leaf, i));
    endRoot(root);
    const byRoot = Object.fromEntries(recording.traces().map((trace) => [trace.root.name, told(trace, 'leaf')]));
    expect(byRoot).toEqual({ request: 1000, script: 100_500 });
  });
});

describe('requests', () => {
  /** Ms that writing one takes; two pass before it. */
  const WRITING = 0.2;

  function served(
    kind: 'http' | 'run',
    answer: 'all' | 'sample',
    awaits: number = 0,
  ): { segments: number; kept: number; letGo: number; said: number } {
    let segments = 0;
    let said = 0;
    recording = governed({
      keep: () => answer,
      onSegment: (segment) => {
        time += WRITING;
        segments++;
        said += segment.header.rootsDropped?.['budget'] ?? 0;
      },
    });
    const before = keptRoots();
    for (let i = 0; i < 3000; i++) {
      time += 2;
      const root = openRoot({ kind, name: 'GET /' });
      runInRoot(root, () => {
        call(f.leaf, i);
        for (let k = 0; k < awaits; k++) {
          const s = R.enter1(f.waits, 0, k);
          R.suspend(s, undefined);
          R.resume(s, undefined);
          R.exit(s, 1);
        }
      });
      endRoot(root);
    }
    const after = keptRoots();
    const sum = (counts: Record<string, number>): number => Object.values(counts).reduce((all, count) => all + count, 0);
    return {
      segments,
      kept: sum(after.kept) - sum(before.kept),
      letGo: (after.dropped['budget'] ?? 0) - (before.dropped['budget'] ?? 0),
      said,
    };
  }

  it('that the budget does not pay for are let go and counted, and the next one that is written says how many', () => {
    const { segments, kept, letGo, said } = served('http', 'all');
    // The first 500, and half of the budget.
    expect(segments).toBeGreaterThan(700);
    expect(segments).toBeLessThan(1000);
    expect(kept).toBe(segments);
    expect(kept + letGo).toBe(3000);
    expect(letGo - said).toBeLessThan(100);
  });

  it('are written half as often where awaits have taken half of the budget before', () => {
    const { segments } = served('http', 'all');
    recording?.stop();
    expect(served('http', 'all', 100).segments - 500).toBeLessThan((segments - 500) * 0.75);
  });

  it('of which a policy has decided are written all the same', () => {
    expect(served('http', 'sample')).toMatchObject({ segments: 3000, letGo: 0 });
  });

  it('alone come as often as others wish: what the program opens itself is written', () => {
    expect(served('run', 'all')).toMatchObject({ segments: 3000, letGo: 0 });
  });
});
