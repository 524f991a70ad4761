/** How close recorded times come to the true ones, and how often the clock is read for it. The clock is the test's own. */
import { afterEach, expect, it } from 'vitest';
import { ASYNC, functions, losses, R, record, spanOf, spansOf } from './recorder-harness.ts';
import type { Recording } from './recorder-harness.ts';

const f = functions({ all: {}, quick: {}, slow: {}, waits: { flags: ASYNC } });
const US = 0.001;

let time = 0;
let readings = 0;
let recording: Recording | undefined;

function start(clock: 'sampled' | 'precise' = 'sampled'): Recording {
  time = 0;
  readings = 0;
  recording = record({
    clock,
    now: () => {
      readings++;
      return time;
    },
    maxBytes: 64 * 1024 * 1024,
  });
  return recording;
}

afterEach(() => recording?.stop());

/** A span of `fn` that takes `ms`. */
function spend(fn: number, ms: number): void {
  const s = R.enter0(fn, 0);
  time += ms;
  R.exit(s, undefined);
}

function inside(work: () => void): void {
  const s = R.enter0(f.all, 0);
  work();
  R.exit(s, undefined);
}

const duration = ({ start, end }: { start: number; end?: number }): number => (end ?? Number.NaN) - start;

it('gives a slow call among quick ones its own time', () => {
  const run = start();
  inside(() => {
    for (let i = 0; i < 100; i++) spend(f.quick, i % 3 === 0 ? US : 2 * US);
    spend(f.slow, 20);
    for (let i = 0; i < 200; i++) spend(f.quick, US);
  });
  const trace = run.trace();
  expect(duration(spanOf(trace, 'slow'))).toBeCloseTo(20, 9);
  expect(Math.max(...spansOf(trace, 'quick').map(duration))).toBeLessThan(2.5 * US);
  expect(losses(trace)).toEqual({});
});

it('keeps the smear of a slow call in steady quick work within microseconds of that work', () => {
  const run = start();
  inside(() => {
    // Long enough to use up what was saved at the start.
    for (let i = 0; i < 8000; i++) spend(f.quick, US);
    spend(f.slow, 20);
    for (let i = 0; i < 100; i++) spend(f.quick, US);
  });
  const before = readings;
  const trace = run.trace();
  const smeared = spansOf(trace, 'quick').filter((span) => duration(span) > 100 * US);
  expect(smeared.length).toBeLessThan(32);
  // About one reading for each ten microseconds, and what was saved.
  expect(before).toBeLessThan(256 + 8000 * 0.2);
});

it('reads seldom in a hot loop and for some hundred events at each of them again after a pause', () => {
  const run = start();
  inside(() => {
    for (let i = 0; i < 20_000; i++) spend(f.quick, 0.05 * US);
  });
  // 40,000 events, 2 ms.
  expect(readings).toBeLessThan(256 + 600);
  time += 20;
  const before = readings;
  inside(() => {
    for (let i = 0; i < 100; i++) spend(f.slow, 0.05 * US);
  });
  expect(readings - before).toBeGreaterThan(180);
  const exact = spansOf(run.trace(), 'slow').filter((span) => Math.abs(duration(span) - 0.05 * US) < 1e-9);
  expect(exact.length).toBeGreaterThan(90);
});

it('reads at every event when asked to be precise, however hot the loop', () => {
  const run = start('precise');
  inside(() => {
    for (let i = 0; i < 5000; i++) spend(f.quick, 0.05 * US);
  });
  expect(readings).toBeGreaterThan(10_000);
  for (const span of spansOf(run.trace(), 'quick')) expect(duration(span)).toBeCloseTo(0.05 * US, 9);
});

it('reads no clock for an await whose caller goes on in hot code, and at both ends of the wait', () => {
  const run = start();
  const waiting: number[] = [];
  let calling = 0;
  inside(() => {
    for (let i = 0; i < 8000; i++) spend(f.quick, US);
    const before = readings;
    for (let i = 0; i < 100; i++) {
      const s = R.enter0(f.waits, 0);
      time += US;
      R.suspend(s, undefined);
      waiting.push(s);
    }
    calling = readings - before;
  });
  expect(calling).toBeLessThan(20);
  const resumedAt: number[] = [];
  for (const s of waiting) {
    time += 5;
    R.resume(s, undefined);
    resumedAt.push(time);
    time += 2 * US;
    R.suspend(s, undefined);
    time += 3;
    R.resume(s, undefined);
    time += US;
    R.exit(s, undefined);
  }
  const trace = run.trace();
  const spans = spansOf(trace, 'waits');
  spans.forEach((span, i) => {
    const [first, second] = span.suspensions;
    // The whole loop took 100 us: what is not read lies between the readings around it.
    expect(Math.abs((first?.from ?? 0) - (8 + (i + 1) * US))).toBeLessThan(0.1);
    expect(first?.to).toBeCloseTo(resumedAt[i] as number, 9);
    expect(second?.from).toBeCloseTo((resumedAt[i] as number) + 2 * US, 9);
    expect(second?.to).toBeCloseTo((resumedAt[i] as number) + 2 * US + 3, 9);
    expect(span.timeError).toBeLessThan(0.1);
  });
  expect(losses(trace)).toEqual({});
});

it('gives each of a thousand short waits in a row its own time, and the span its calls', () => {
  const run = start();
  inside(() => {
    for (let i = 0; i < 8000; i++) spend(f.quick, US);
  });
  const s = R.enter0(f.waits, 0);
  for (let i = 0; i < 1000; i++) {
    R.suspend(s, undefined);
    time += US;
    R.resume(s, undefined);
    spend(f.quick, US);
  }
  R.exit(s, undefined);
  const trace = run.trace();
  const span = spanOf(trace, 'waits');
  expect(span.suspensions).toHaveLength(1000);
  for (const { from, to } of span.suspensions) expect((to ?? 0) - from).toBeCloseTo(US, 9);
  expect(span.children).toHaveLength(1000);
  expect(losses(trace)).toEqual({});
});
