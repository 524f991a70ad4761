/**
 * Dives to the end of the stack (H45), on the runtime bundled as users get it: the test runner's own module system puts a call
 * behind each import, and a call is what may overflow.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildTraces } from '@captureflow/trace';
import type { Segment, Trace } from '@captureflow/trace';
import { build } from 'rolldown';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type * as Probes from '../src/probes.ts';
import { DEFAULT_LIMITS } from '../src/recorder-config.ts';
import type * as Recorder from '../src/recorder.ts';
import { copySegment, span } from './recorder-harness.ts';

type Bundle = typeof Probes & typeof Recorder;

const folder = mkdtempSync(join(tmpdir(), 'captureflow-overflow-'));
let bundle: Bundle;
let R: Bundle['probes'];
let fn = 0;

beforeAll(async () => {
  const entry = join(import.meta.dirname, `../.overflow-${process.pid}.ts`);
  try {
    writeFileSync(entry, "export * from './src/probes.ts';\nexport * from './src/recorder.ts';\n");
    await build({
      input: entry,
      platform: 'node',
      resolve: { conditionNames: ['@captureflow/source', 'import'] },
      output: { file: join(folder, 'bundle.mjs'), format: 'esm' },
    });
  } finally {
    rmSync(entry, { force: true });
  }
  bundle = (await import(/* @vite-ignore */ pathToFileURL(join(folder, 'bundle.mjs')).href)) as Bundle;
  R = bundle.probes;
  fn = R.register({
    v: 1,
    id: 'src/dive.ts',
    f: [
      [
        'dive',
        1,
        1,
        4,
        ['n', 'payload'],
        ['x'],
        [
          [0, 2, [0]],
          [1, 2, [0]],
        ],
        [[], [0]],
        9,
      ],
      ['leaf', 11, 1, 4, ['n'], [], [], [[]], 19],
    ],
  });
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function record(): Segment[] {
  const segments: Segment[] = [];
  bundle.startRecorder({
    level: 'lines',
    limits: DEFAULT_LIMITS,
    maxBytes: 64 * 1024 * 1024,
    keep: () => 'keep',
    onSegment: (segment) => segments.push(copySegment(segment)),
    processInfo: { pid: 1, threadId: 0, service: 'test', runtime: 'test' },
  });
  return segments;
}

function finish(segments: Segment[]): Trace {
  bundle.stopRecorder();
  return buildTraces(segments)[0] as Trace;
}

function leaf(n: number): void {
  const s = R.enter1(fn + 1, 0, n);
  if (s !== 0) R.exit(s, n);
}

/** Goes down until the stack is full. */
function dive(n: number, payload: unknown): number {
  const s = R.enter2(fn, 0, n, payload);
  let r: number;
  let x_: unknown;
  try {
    const x = n + 1;
    x_ = x;
    return ((r = dive(x, payload)), s !== 0 && (R.values1(s, 0, x), R.exit(s, r)), r);
  } catch (e) {
    throw s === 0 ? e : (R.values1(s, 1, x_), R.thrown(s, e, 1));
  }
}

/** Goes down to \`at\`, dives from there, catches the overflow and returns normally, as user code does. */
function rescue(n: number, at: number, payload: unknown): string {
  const s = R.enter2(fn, 0, n, payload);
  let r: string;
  try {
    if (n < at) return ((r = rescue(n + 1, at, payload)), s !== 0 && R.exit(s, r), r);
    try {
      dive(n, payload);
      r = 'no overflow';
    } catch (e) {
      r = e instanceof RangeError ? 'rescued' : String(e);
    }
    return (s !== 0 && R.exit(s, r), r);
  } catch (e) {
    throw s === 0 ? e : R.thrown(s, e, 0);
  }
}

/** Goes down \`n\` levels, then throws \`error\` all the way up, or returns \`value\`. */
function goDown(n: number, error: unknown, value: unknown): unknown {
  const s = R.enter1(fn, 0, n);
  let r: unknown;
  try {
    if (n === 0) {
      if (error !== undefined) throw error;
      return ((r = value), s !== 0 && R.exit(s, r), r);
    }
    return ((r = goDown(n - 1, error, value)), s !== 0 && R.exit(s, r), r);
  } catch (e) {
    throw s === 0 ? e : R.thrown(s, e, 0);
  }
}

/** What comes out of a dive of \`n\` levels: 'own' (the function's own value or error) or 'overflow'. */
function outcome(n: number, error: unknown, value: unknown): string {
  try {
    return goDown(n, error, value) === value ? 'own' : 'other value';
  } catch (e) {
    return error !== undefined && e === error ? 'own' : e instanceof RangeError ? 'overflow' : 'other error';
  }
}

describe('a stack overflow', () => {
  it.each([
    ['numbers', 7],
    ['objects', { a: { b: { c: [1, 2, 3] } }, text: 'x'.repeat(400) }],
  ])('is caught by the program as without recording, and the recording is whole afterwards: %s', (_, payload) => {
    const segments = record();
    const rounds = 8;
    for (let round = 0; round < rounds; round++) {
      const start = R.enter1(fn + 1, 0, -1);
      expect(rescue(0, round * 31, payload)).toBe('rescued');
      leaf(round);
      R.exit(start, round);
    }
    leaf(rounds);
    expect(bundle.recorderStats().openSpans).toBe(0);
    const trace = finish(segments);
    expect(trace.children).toHaveLength(rounds + 1);
    for (const number of trace.children.slice(0, rounds)) {
      const round = span(trace, number);
      expect(round.outcome.kind).toBe('returned');
      expect(round.children.map((child) => span(trace, child).function.name)).toEqual(['dive', 'leaf']);
    }
  });

  it.each([
    ['the error that a function throws', new Error('mine'), undefined],
    ['the number that a function returns', undefined, 5],
    ['the object that a function returns', undefined, { a: { b: [1, 2, { c: 3 }] } }],
  ])("does not replace %s: to the deepest dive that enters, what comes out is the function's own", (_, error, value) => {
    record();
    let reached = 1;
    let failed = 200_000;
    while (failed - reached > 1) {
      const middle = (reached + failed) >> 1;
      if (outcome(middle, error, value) === 'own') reached = middle;
      else failed = middle;
    }
    expect(reached).toBeGreaterThan(1000);
    const outcomes = new Set<string>();
    for (let n = reached - 60; n < reached + 30; n += 2) outcomes.add(outcome(n, error, value));
    outcomes.delete('own');
    outcomes.delete('overflow');
    expect([...outcomes]).toEqual([]);
    // Code that was optimised meanwhile has other frames: a margin for that, far below the limit nothing may be replaced.
    for (let n = Math.floor(reached * 0.6); n < reached * 0.7; n += 60) expect(outcome(n, error, value)).toBe('own');
    expect(bundle.recorderStats().openSpans).toBe(0);
    leaf(1);
    expect(bundle.recorderStats().openSpans).toBe(0);
    bundle.stopRecorder();
  });
});
