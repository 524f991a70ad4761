import { describe, expect, it } from 'vitest';
import { DurationHistogram } from '../src/duration-histogram.ts';
import { createKeep } from '../src/keep-policy.ts';
import type { KeepPolicy } from '../src/keep-policy.ts';
import { createRandom } from '../src/random.ts';
import type { RootSummary } from '../src/recorder-config.ts';

function summary(given: Partial<RootSummary> & { kind?: RootSummary['root']['kind'] } = {}): RootSummary {
  const { kind = 'http', ...rest } = given;
  const root = { kind, name: 'GET /', attributes: {}, traceId: '', spanId: '', ended: true, keep: () => {} };
  return {
    root,
    part: 0,
    ended: true,
    duration: 5,
    spans: 3,
    throws: 0,
    failed: false,
    droppedEvents: 0,
    asked: false,
    rare: false,
    earlierKept: false,
    ...rest,
  };
}

const never = (): number => 0.999;

describe('a policy', () => {
  it.each<[KeepPolicy, Partial<RootSummary>, string | undefined]>([
    [{ threw: true }, {}, undefined],
    [{ threw: true }, { throws: 1 }, 'threw'],
    [{ threw: true }, { failed: true }, 'threw'],
    [{}, { throws: 1, failed: true, rare: true, duration: 1e9 }, undefined],
    [{ slowMs: 5 }, { duration: 5 }, 'slow'],
    [{ slowMs: 5 }, { duration: 4.99 }, undefined],
    [{ rare: true }, { rare: true }, 'rare'],
    [{ rare: false }, { rare: true }, undefined],
    [{}, { asked: true }, 'asked'],
    [{ asked: false }, { asked: true }, undefined],
    [{ threw: true, slowMs: 5 }, { throws: 1, duration: 9 }, 'threw'],
    [{ slowMs: 5 }, { part: 1, duration: 9 }, undefined],
    [{ threw: true }, { part: 1, throws: 1 }, 'threw'],
    [{ threw: true }, { part: 1, earlierKept: true }, 'earlier'],
  ])('%j decides about %j: %s', (policy, given, reason) => {
    expect(createKeep(policy, never)(summary(given))).toBe(reason);
  });

  it('keeps the share of roots that sample says, and never asks chance about a later part', () => {
    const keep = createKeep({ sample: 0.01 }, createRandom(1));
    let kept = 0;
    for (let i = 0; i < 100_000; i++) if (keep(summary()) === 'sample') kept++;
    expect(kept).toBeGreaterThan(850);
    expect(kept).toBeLessThan(1150);
    const all = createKeep({ sample: 1 }, createRandom(1));
    expect(all(summary())).toBe('sample');
    expect(all(summary({ part: 1 }))).toBeUndefined();
  });

  it('calls a root slow that took longer than the percentile of its own kind, once a hundred of them are known', () => {
    const keep = createKeep({ slowPercentile: 99 }, never);
    for (let i = 0; i < 99; i++) expect(keep(summary({ duration: 1 + (i % 10) }))).toBeUndefined();
    expect(keep(summary({ duration: 500 }))).toBeUndefined();
    expect(keep(summary({ duration: 1000 }))).toBe('slow');
    expect(keep(summary({ duration: 5 }))).toBeUndefined();
    expect(keep(summary({ kind: 'run', duration: 1e6 }))).toBeUndefined();
  });

  it('that is a function decides alone', () => {
    const keep = createKeep((one) => (one.duration > 3 ? 'keep' : 'drop'), never);
    expect(keep(summary({ duration: 4 }))).toBe('callback');
    expect(keep(summary({ duration: 2, asked: true, throws: 9 }))).toBeUndefined();
  });

  it('that is not there keeps everything', () => {
    expect(createKeep(undefined, never)(summary())).toBe('all');
  });
});

describe('known durations', () => {
  it('tell the share below a duration to a tenth of it', () => {
    const known = new DurationHistogram();
    for (let i = 1; i <= 1000; i++) known.add(i);
    expect(known.shareBelow(500)).toBeGreaterThan(0.4);
    expect(known.shareBelow(500)).toBeLessThan(0.5);
    expect(known.shareBelow(2000)).toBe(1);
    expect(known.shareBelow(0.1)).toBe(0);
  });

  it('fade: what was normal long ago is not normal for ever', () => {
    const known = new DurationHistogram();
    for (let i = 0; i < 8000; i++) known.add(1000);
    for (let i = 0; i < 60_000; i++) known.add(10);
    expect(known.shareBelow(500)).toBeGreaterThan(0.99);
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY, 1e-9, 1e12])('take %d without harm', (ms) => {
    const known = new DurationHistogram();
    known.add(ms);
    expect(known.count).toBe(1);
  });
});
