/** Record all, keep what matters: roots end, a policy decides, what is let go costs nothing and is counted. */
import { afterEach, describe, expect, it } from 'vitest';
import { createKeep } from '../src/keep-policy.ts';
import type { KeepPolicy } from '../src/keep-policy.ts';
import { endRoot, openRoot, recorderStats, runInRoot } from '../src/recorder.ts';
import type { RecorderConfig, Root } from '../src/recorder-config.ts';
import { functions, LEXICAL_PARENT, R, record, turn } from './recorder-harness.ts';
import type { Recording } from './recorder-harness.ts';

let recording: Recording | undefined;
afterEach(() => {
  recording?.stop();
  recording = undefined;
});

const f = functions({ work: { parameters: ['n'] }, fails: {}, maker: { flags: LEXICAL_PARENT, parameters: ['n'] } });

function work(n: number): void {
  const s = R.enter1(f.work, 0, n);
  if (s !== 0) R.exit(s, n);
}

function fails(): void {
  const s = R.enter0(f.fails, 0);
  if (s !== 0) R.thrown(s, new Error('no'), 0);
}

function flight(policy: KeepPolicy, config: Partial<RecorderConfig> = {}): Recording {
  const reasonFor = createKeep(policy, () => 0.999);
  return record({ keep: (summary) => reasonFor(summary) ?? 'drop', ...config });
}

function request(name: string, body: (root: Root) => void): void {
  const root = openRoot({ kind: 'http', name });
  runInRoot(root, () => body(root));
  endRoot(root);
}

describe('the flight recorder', () => {
  it('ships the roots that threw or were asked for, and says in each why, and how many before it were let go', () => {
    recording = flight({ threw: true });
    for (let i = 0; i < 10; i++) request('fine', () => work(i));
    request('bad', fails);
    request('fine', () => work(1));
    request('wanted', (root) => {
      work(1);
      root.keep();
    });
    const traces = recording.traces();
    expect(traces.map(({ root, kept, rootsDropped }) => [root.name, kept, rootsDropped])).toEqual([
      ['bad', 'threw', { policy: 10 }],
      ['wanted', 'asked', { policy: 1 }],
    ]);
  });

  it('gives the memory of what it lets go back at once and encodes nothing of it', () => {
    let handedOver = 0;
    recording = flight({ threw: true }, { onSegment: () => void handedOver++ });
    request('first', () => work(0));
    const before = recorderStats();
    for (let i = 0; i < 1000; i++) request('fine', () => work(i));
    const after = recorderStats();
    expect(handedOver).toBe(0);
    expect(after.chunksAllocated).toBe(before.chunksAllocated);
    expect(after.segmentsDropped - before.segmentsDropped).toBe(1000);
    // The one on which the next root begins.
    expect(after.chunksInUse).toBeLessThanOrEqual(1);
  });

  it('keeps what a kept root does after its end', async () => {
    recording = flight({ threw: true });
    const root = openRoot({ kind: 'http', name: 'late' });
    runInRoot(root, fails);
    endRoot(root);
    runInRoot(root, () => work(1));
    await turn();
    const [trace] = recording.traces();
    expect(trace?.spans.map((span) => span.function.name)).toEqual(['fails', 'work']);
  });

  it('names in what a root does after its end the callers that were let go with its beginning', async () => {
    recording = flight({ threw: true });
    const root = openRoot({ kind: 'http', name: 'late' });
    let maker = 0;
    runInRoot(root, () => {
      maker = R.enter1(f.maker, 0, 1);
      R.exit(maker, 1);
    });
    endRoot(root);
    runInRoot(root, () => {
      const s = R.enter0(f.fails, maker);
      R.thrown(s, new Error('no'), 0);
    });
    await turn();
    const [trace] = recording.traces();
    expect(trace?.spans.map((span) => [span.function.name, trace.spans[span.parent - 1]?.function.name])).toEqual([
      ['maker', undefined],
      ['fails', 'maker'],
    ]);
  });

  it('goes on when the policy throws, and keeps', () => {
    recording = record({
      keep: () => {
        throw new Error('policy');
      },
    });
    request('fine', () => work(1));
    expect(recording.traces().map(({ root }) => root.name)).toEqual(['fine']);
  });
});

describe('without any chunk to write to', () => {
  it('calls are lost, each counted, memory does not grow and nothing throws', () => {
    recording = record({ maxBytes: 1 });
    const before = recorderStats();
    for (let i = 0; i < 10_000; i++) request('none', () => work(i));
    const after = recorderStats();
    expect(after.chunksAllocated).toBe(before.chunksAllocated);
    expect((after.dropped['poolFull'] as number) - (before.dropped['poolFull'] as number)).toBe(20_000);
    expect(after.calls - before.calls).toBe(10_000);
    const trace = recording.traces()[0];
    expect(trace?.dropped).toEqual({ poolFull: 2 });
  });
});
