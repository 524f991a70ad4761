/** What recording is said to have cost: the work beside the events, which the budget must pay for too. The clocks are the test's own. */
import { afterEach, expect, it } from 'vitest';
import { countWork, ENCODING, EVENT_PRICE, EXPORT, recordingCost } from '../src/cost-meter.ts';
import { Delivery } from '../src/delivery.ts';
import { endRoot, openRoot, runInRoot } from '../src/recorder.ts';
import type { RecorderConfig, RootSummary } from '../src/recorder-config.ts';
import { functions, R, record } from './recorder-harness.ts';
import type { Recording } from './recorder-harness.ts';
import { sampleSegment } from './sample-segment.ts';

const f = functions({ work: {} });

/** Caches, and collections on other threads, cost the program as much again as what a clock sees. */
const SLOWER = 2;

let time = 0;
/** Processor time of the thread: it stands still while the thread waits. */
let used = 0;
let recording: Recording | undefined;

function start(config: Partial<RecorderConfig> = {}): void {
  recording = record({ now: () => time, processorTime: () => used, budget: 0.5, ...config });
}

afterEach(() => recording?.stop());

function costOf(work: () => void): number {
  const before = recordingCost();
  work();
  return recordingCost() - before;
}

it('encoding a large root that is kept counts by the processor time it took, not by the time that passed', () => {
  start({
    onSegment: () => {
      used += 3;
      time += 50;
    },
  });
  const root = openRoot({ kind: 'run', name: 'kept' });
  runInRoot(root, () => {
    for (let i = 0; i < 5000; i++) R.exit(R.enter0(f.work, 0), undefined);
  });
  const cost = costOf(() => endRoot(root));
  expect(cost).toBeGreaterThanOrEqual(SLOWER * 3);
  expect(cost).toBeLessThan(SLOWER * 3.1);
});

it('encoding a small one counts by the clock, since asking for processor time would be a part of what it costs', () => {
  let readings = 0;
  start({
    onSegment: () => void (time += 3),
    processorTime: () => {
      readings++;
      return used;
    },
  });
  const root = openRoot({ kind: 'run', name: 'kept' });
  runInRoot(root, () => R.exit(R.enter0(f.work, 0), undefined));
  readings = 0;
  const cost = costOf(() => endRoot(root));
  expect(cost).toBeGreaterThanOrEqual(SLOWER * 3);
  expect(cost).toBeLessThan(SLOWER * 3.1);
  expect(readings).toBe(0);
});

it('what exporters do synchronously counts, and once where it happens inside other work', async () => {
  start();
  const exporter = { name: 'slow', export: () => void (used += 7), flush: () => {}, shutdown: () => {} };
  const delivery = new Delivery([exporter], (work) => work());
  delivery.accept(sampleSegment(), { spans: 1, ended: true } as unknown as RootSummary);
  expect(costOf(() => delivery.deliver())).toBeCloseTo(SLOWER * 7, 9);
  const nested = costOf(() => countWork(ENCODING, () => countWork(EXPORT, () => (used += 2))));
  expect(nested).toBeCloseTo(SLOWER * 2, 9);
});

it('what is recorded inside the calls of the program counts twice its price: so much slower the program is', () => {
  start();
  const root = openRoot({ kind: 'run', name: 'kept' });
  const cost = costOf(() =>
    runInRoot(root, () => {
      for (let i = 0; i < 1000; i++) R.exit(R.enter0(f.work, 0), undefined);
    }),
  );
  expect(cost).toBeCloseTo(SLOWER * 2000 * EVENT_PRICE, 9);
});

it('work that throws counts, and the next is counted again', () => {
  start();
  const fail = (): void => {
    used += 1;
    throw new Error('broken');
  };
  expect(
    costOf(() => {
      for (let i = 0; i < 2; i++) expect(() => countWork(EXPORT, fail)).toThrow('broken');
    }),
  ).toBeCloseTo(SLOWER * 2, 9);
});

it('without a budget no clock is asked what work takes', () => {
  let readings = 0;
  start({ budget: 1, processorTime: () => ++readings });
  const root = openRoot({ kind: 'run', name: 'kept' });
  runInRoot(root, () => R.exit(R.enter0(f.work, 0), undefined));
  endRoot(root);
  expect(readings).toBe(0);
});
