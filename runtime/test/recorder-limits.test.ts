import { afterEach, describe, expect, it } from 'vitest';
import { CHUNK_BYTES } from '../src/chunk.ts';
import { drainRoots, endRoot, openRoot, recorderStats, runInRoot, stopRecorder } from '../src/recorder.ts';
import type { Segment } from '@captureflow/trace';
import { ASYNC, copySegment, functions, LEXICAL_PARENT, losses, plain, R, record, shape, span, turn } from './recorder-harness.ts';
import type { Recording } from './recorder-harness.ts';

let recording: Recording | undefined;
afterEach(() => {
  recording?.stop();
  recording = undefined;
});

const f = functions({
  top: {},
  leaf: { parameters: ['n'] },
  waits: { flags: ASYNC, parameters: ['n'] },
  maker: { flags: LEXICAL_PARENT, parameters: ['n'] },
});

function leaf(n: unknown): void {
  const s = R.enter1(f.leaf, 0, n);
  if (s !== 0) R.exit(s, n);
}

function dropped(cause: string): number {
  return recorderStats().dropped[cause] ?? 0;
}

describe('tokens', () => {
  it('that are stale do nothing but count, whatever they are given to', () => {
    recording = record();
    const s = R.enter1(f.leaf, 0, 1);
    R.exit(s, 1);
    const before = dropped('staleToken');
    R.exit(s, 2);
    const error = new Error('e');
    expect(R.thrown(s, error, 0)).toBe(error);
    R.values1(s, 0, 1);
    R.hold(s, 1);
    expect(R.caught(s, error, 0)).toBe(error);
    R.end(s);
    R.suspend(s, 1);
    R.resume(s, 1);
    expect(dropped('staleToken') - before).toBe(8);
    const trace = recording.trace();
    expect(shape(trace)).toBe('top:leaf');
    expect(losses(trace)).toEqual({});
  });

  it('are small integers, so that the engine never boxes them', () => {
    recording = record();
    for (let i = 0; i < 40_000; i++) {
      const s = R.enter0(f.top, 0);
      if (s <= 0 || s > 2 ** 30) expect.fail(`token ${s}`);
      R.exit(s, 0);
    }
    expect(recorderStats().openSpans).toBe(0);
  });

  it('of functions that closures name are told apart long after their end', () => {
    recording = record({ maxBytes: 64 * 1024 * 1024 });
    const tokens: number[] = [];
    for (let i = 0; i < 1000; i++) {
      const s = R.enter1(f.maker, 0, i);
      tokens.push(s);
      R.exit(s, i);
    }
    for (const [i, token] of tokens.entries()) {
      const s = R.enter1(f.leaf, token, i);
      R.exit(s, i);
    }
    const trace = recording.trace();
    expect(trace.children).toHaveLength(1000);
    for (const child of trace.children) {
      const maker = span(trace, child);
      expect(maker.children.map((number) => plain(span(trace, number).args[0]?.value))).toEqual([plain(maker.args[0]?.value)]);
    }
  });

  it('run out when too many spans are open: the rest is not recorded, and counted', () => {
    recording = record({ maxBytes: 64 * 1024 * 1024 });
    const open: number[] = [];
    const before = dropped('tableFull');
    for (let i = 0; i < 66_000; i++) {
      const s = R.enter1(f.waits, 0, i);
      if (s !== 0) {
        R.suspend(s, 0);
        open.push(s);
      }
    }
    expect(open).toHaveLength(65_535);
    expect(dropped('tableFull') - before).toBe(465);
    expect(recorderStats().openSpans).toBe(65_535);
    for (const s of open) R.exit(s, 0);
    expect(recorderStats().openSpans).toBe(0);
    leaf(1);
    const trace = recording.trace();
    expect(trace.spans.filter((one) => one.outcome.kind === 'returned')).toHaveLength(65_536);
    expect(trace.dropped).toEqual({ tableFull: 465 });
  });
});

describe('a root that outgrows its chunks', () => {
  it('keeps its beginning and its end and says exactly how many events fell between', () => {
    recording = record({ maxChunksPerRoot: 8 });
    const s = R.enter0(f.top, 0);
    const inner = R.enter0(f.top, 0);
    for (let i = 0; i < 20_000; i++) leaf(i);
    R.exit(inner, 'inner');
    R.exit(s, 'outer');
    const events = 2 * 20_000 + 4;
    const trace = recording.trace();
    const [one, two] = trace.spans;
    expect(one?.outcome).toMatchObject({ kind: 'returned', value: { value: 'outer' } });
    expect(two?.outcome).toMatchObject({ kind: 'returned', value: { value: 'inner' } });
    const leaves = trace.spans.filter((each) => each.function.name === 'leaf');
    expect(plain(leaves[0]?.args[0]?.value)).toBe(0);
    expect(plain(leaves.at(-1)?.args[0]?.value)).toBe(19_999);
    expect(leaves.every((each) => each.parent === two?.number)).toBe(true);
    const lost = trace.dropped['ring'] as number;
    expect(trace.gaps.map((gap) => gap.events)).toEqual([lost]);
    // At most one leaf is torn at each side of the gap: its other event is among the lost.
    const seen = leaves.reduce((sum, each) => sum + (each.outcome.kind === 'returned' ? 2 : 1), 4);
    expect(Math.abs(seen + lost - events)).toBeLessThanOrEqual(1);
    expect(recorderStats().chunksInUse).toBe(0);
  });

  it('finds its stack again behind the gap, suspended spans included', () => {
    recording = record({ maxChunksPerRoot: 4 });
    const waiting = R.enter1(f.waits, 0, 'w');
    R.suspend(waiting, 0);
    const s = R.enter0(f.top, 0);
    for (let i = 0; i < 10_000; i++) leaf(i);
    R.exit(s, 1);
    R.resume(waiting, 0);
    leaf('after');
    R.exit(waiting, 'done');
    const trace = recording.trace();
    const [first, second] = trace.spans;
    expect(first?.outcome).toMatchObject({ value: { value: 'done' } });
    expect(plain(span(trace, first?.children.at(-1) ?? 0).args[0]?.value)).toBe('after');
    expect(second?.outcome.kind).toBe('returned');
    expect(
      Object.keys(trace.dropped).filter((cause) => cause.startsWith('decoder.') && cause !== 'decoder.ended' && cause !== 'decoder.span'),
    ).toEqual([]);
  });

  it('shows an error again whose first appearance fell into the gap', () => {
    recording = record({ maxChunksPerRoot: 4 });
    const error = new Error('again');
    const first = R.enter0(f.top, 0);
    for (let i = 0; i < 3000; i++) leaf(i);
    const s = R.enter0(f.top, 0);
    R.thrown(s, error, 0);
    for (let i = 0; i < 10_000; i++) leaf(i);
    R.thrown(first, error, 0);
    const trace = recording.trace();
    expect(trace.spans[0]?.outcome).toMatchObject({ kind: 'threw', error: { message: 'again' } });
    expect(trace.dropped['decoder.same']).toBeUndefined();
  });
});

describe('the pool', () => {
  it('when it is used up, the newest events are lost and counted, and spans still end', () => {
    recording = record({ maxBytes: 6 * CHUNK_BYTES, maxChunksPerRoot: 100 });
    const s = R.enter0(f.top, 0);
    for (let i = 0; i < 20_000; i++) leaf(i);
    R.exit(s, 'end');
    expect(recorderStats().openSpans).toBe(0);
    expect(recorderStats().chunksInUse).toBe(6);
    const trace = recording.trace();
    const lost = trace.dropped['poolFull'] as number;
    expect(lost).toBeGreaterThan(10_000);
    expect(trace.gaps.reduce((sum, gap) => sum + gap.events, 0)).toBe(lost);
    const seen = trace.spans.reduce((sum, one) => sum + (one.outcome.kind === 'open' ? 1 : 2), 0);
    expect(seen + lost).toBe(40_002);
    expect(recorderStats().chunksInUse).toBe(0);
  });

  it('is shared: what one root gives back another uses', () => {
    recording = record({ maxBytes: 6 * CHUNK_BYTES, maxChunksPerRoot: 100 });
    const greedy = openRoot({ kind: 'run', name: 'greedy' });
    runInRoot(greedy, () => {
      for (let i = 0; i < 10_000; i++) leaf(i);
    });
    const poor = openRoot({ kind: 'run', name: 'poor' });
    runInRoot(poor, () => leaf('lost'));
    endRoot(greedy);
    runInRoot(poor, () => leaf('kept'));
    endRoot(poor);
    const trace = recording.traces().find((one) => one.root.name === 'poor');
    expect(trace?.spans.map((one) => plain(one.args[0]?.value))).toEqual(['kept']);
    expect(trace?.dropped).toMatchObject({ poolFull: 2 });
    expect(trace?.gaps.map((gap) => gap.events)).toEqual([2]);
  });

  it('counts the strings that chunks refer to', () => {
    recording = record({ maxBytes: 20 * CHUNK_BYTES, maxChunksPerRoot: 100 });
    const root = openRoot({ kind: 'run', name: 'strings' });
    runInRoot(root, () => {
      for (let i = 0; i < 3000; i++) leaf(`${i}${'x'.repeat(240)}`);
    });
    expect(recorderStats().chunksInUse).toBeLessThan(10);
    expect(dropped('poolFull')).toBeGreaterThan(0);
    endRoot(root);
    expect(recorderStats().chunksInUse).toBe(0);
  });
});

describe('stop', () => {
  it('in the middle of a run hands over what is open, and what still runs goes on unharmed', async () => {
    recording = record();
    const s = R.enter0(f.top, 0);
    const waiting = R.enter1(f.waits, 0, 1);
    R.suspend(waiting, 0);
    leaf(1);
    stopRecorder();
    expect(recorderStats().on).toBe(false);
    R.values1(s, 0, 1);
    R.exit(s, 1);
    await turn();
    R.resume(waiting, 1);
    R.exit(waiting, 1);
    expect(recording.segments.map((segment) => segment.header.end)).toEqual([null]);
    expect(recorderStats()).toMatchObject({ on: false, openSpans: 0, chunksInUse: 0, rootsOpen: 0 });
    recording = record();
    leaf(2);
    expect(shape(recording.trace())).toBe('top:leaf');
  });

  it('in the middle of runInRoot leaves the return value and the next recording alone', () => {
    recording = record();
    const outer = R.enter0(f.top, 0);
    const root = openRoot({ kind: 'run', name: 'r' });
    expect(
      runInRoot(root, () => {
        leaf(1);
        stopRecorder();
        recording = record();
        leaf(2);
        return 'value';
      }),
    ).toBe('value');
    R.exit(outer, 0);
    leaf(3);
    expect(shape(recording.trace())).toBe('top:leaf top:leaf');
  });

  it('leaves roots of the recording before without effect', () => {
    recording = record();
    const old = openRoot({ kind: 'run', name: 'old' });
    recording.stop();
    recording = record();
    expect(runInRoot(old, () => (leaf(1), 5))).toBe(5);
    endRoot(old);
    expect(recording.traces().map((trace) => trace.root.name)).toEqual(['script']);
  });
});

describe('hand-over', () => {
  it('asks keep with what happened and gives the chunks of dropped roots back without a segment', () => {
    const asked: unknown[] = [];
    recording = record({
      now: (() => {
        let time = 0;
        return () => (time += 1);
      })(),
      keep: ({ root, spans, throws, failed, ended, part }) => {
        asked.push([root.name, spans, throws, failed, ended, part]);
        return root.name === 'bad' ? 'keep' : 'drop';
      },
    });
    for (const name of ['good', 'bad']) {
      const root = openRoot({ kind: 'http', name, attributes: { a: 1 } });
      runInRoot(root, () => {
        const s = R.enter0(f.top, 0);
        if (name === 'bad') R.thrown(s, new Error('x'), 0);
        else R.exit(s, 0);
      });
      root.attributes['status'] = 500;
      endRoot(root, name === 'bad' ? new TypeError('oh') : undefined);
      endRoot(root, new Error('a second end changes nothing'));
    }
    expect(asked).toEqual([
      ['good', 1, 0, false, true, 0],
      ['bad', 1, 1, true, true, 0],
    ]);
    expect(recording.segments).toHaveLength(1);
    expect(recording.segments[0]?.header).toMatchObject({
      root: { kind: 'http', name: 'bad', attributes: { a: 1, status: 500 } },
      error: { type: 'TypeError', message: 'oh' },
      part: 0,
    });
    expect(recording.segments[0]?.header.functions.map((one) => one.record?.[0])).toEqual(['top']);
    expect(recorderStats().chunksInUse).toBe(0);
  });

  it('tells of a root in which nothing instrumented ran', () => {
    recording = record();
    endRoot(openRoot({ kind: 'http', name: 'HEAD /' }));
    expect(recording.traces().map((trace) => [trace.root.name, trace.spans.length])).toEqual([['HEAD /', 0]]);
  });

  it('takes over the trace id of an incoming parent, and makes ids that differ otherwise', () => {
    recording = record();
    const parent = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) };
    const roots = [
      openRoot({ kind: 'http', name: 'a', parent }),
      openRoot({ kind: 'http', name: 'b' }),
      openRoot({ kind: 'http', name: 'c' }),
    ];
    expect(roots[0]?.traceId).toBe(parent.traceId);
    expect(roots[1]?.traceId).toMatch(/^[0-9a-f]{32}$/);
    expect(roots[1]?.spanId).toMatch(/^[0-9a-f]{16}$/);
    expect(new Set(roots.map((root) => root.traceId)).size).toBe(3);
    for (const root of roots) endRoot(root);
    expect(recording.segments[0]?.header.root.parent).toEqual(parent);
  });

  it('survives listeners that throw or that are instrumented themselves', () => {
    recording = record({
      keep: () => {
        leaf('in keep');
        throw new Error('keep');
      },
      onSegment: () => {
        leaf('in onSegment');
        throw new Error('listener');
      },
    });
    const before = dropped('listener');
    const root = openRoot({ kind: 'run', name: 'r' });
    runInRoot(root, () => leaf(1));
    const s = R.enter0(f.top, 0);
    endRoot(root);
    leaf(2);
    R.exit(s, 0);
    expect(dropped('listener') - before).toBe(2);
    expect(recorderStats()).toMatchObject({ openSpans: 0 });
  });

  it('of an idle program begins a task of its own, named after what ran first', () => {
    let time = 0;
    recording = record({ now: () => time });
    leaf(1);
    time = 500;
    leaf(2);
    time = 1600;
    R.exit(R.enter0(f.top, 0), 0);
    const names = recording.traces().map((trace) => [trace.root.kind, trace.root.name, trace.spans.length, trace.duration]);
    expect(names).toEqual([
      ['script', 'script', 2, 500],
      ['task', 'top', 1, 0],
    ]);
  });

  it('of a program that waits with open spans does not begin a task', () => {
    let time = 0;
    recording = record({ now: () => time });
    const s = R.enter1(f.waits, 0, 1);
    R.suspend(s, 0);
    time = 5000;
    leaf(1);
    R.exit(s, 1);
    expect(shape(recording.trace())).toBe('top:waits top:leaf');
  });

  it('in the middle (flush) splits the program into parts that read as one trace', () => {
    recording = record();
    const s = R.enter0(f.top, 0);
    leaf(1);
    drainRoots(false);
    leaf(2);
    drainRoots(false);
    leaf(3);
    R.exit(s, 'end');
    const trace = recording.trace();
    expect(recording.segments.map((segment) => segment.header.part)).toEqual([0, 1, 2]);
    expect(shape(trace)).toBe('top:top(leaf leaf leaf)');
    expect(trace.spans[0]?.outcome).toMatchObject({ value: { value: 'end' } });
    expect(losses(trace)).toEqual({});
  });

  it('leaves open requests alone at a flush and takes them at the end', () => {
    recording = record();
    const root = openRoot({ kind: 'http', name: 'open' });
    runInRoot(root, () => leaf(1));
    drainRoots(false);
    expect(recording.segments).toHaveLength(0);
    drainRoots(true);
    expect(recording.segments.map((segment) => [segment.header.root.name, segment.header.end])).toEqual([['open', null]]);
    endRoot(root);
    const trace = recording.trace();
    expect(shape(trace)).toBe('root:leaf');
  });

  it('keeps thousands of roots apart and forgets them when they are done', () => {
    recording = record({ maxBytes: 128 * 1024 * 1024 });
    const open = Array.from({ length: 1500 }, (_, i) => openRoot({ kind: 'run', name: `r${i}` }));
    open.forEach((root, i) => runInRoot(root, () => leaf(i)));
    for (const root of open) endRoot(root);
    for (let i = 0; i < 2600; i++) {
      const root = openRoot({ kind: 'run', name: `s${i}` });
      // Waits for ever: its slot must come back when the root is forgotten.
      runInRoot(root, () => R.suspend(R.enter1(f.waits, 0, i), 0));
      endRoot(root);
    }
    const traces = recording.traces();
    expect(traces).toHaveLength(4100);
    expect(
      traces
        .filter((trace) => trace.root.name.startsWith('r'))
        .every((trace) => plain(trace.spans[0]?.args[0]?.value) === Number(trace.root.name.slice(1))),
    ).toBe(true);
    expect(recorderStats().openSpans).toBeLessThanOrEqual(2048 + 1);
  });
});

it('chunks that a receiver borrows are not used again, and count as in use, until it gives them back', () => {
  const borrowed: { segment: Segment; before: Segment; giveBack: () => void }[] = [];
  recording = record({
    onSegment: (segment, _, borrow) => void borrowed.push({ segment, before: copySegment(segment), giveBack: borrow() }),
  });
  const inUse = recorderStats().chunksInUse;
  for (let i = 0; i < 3; i++) {
    const root = openRoot({ kind: 'task', name: `${i}` });
    runInRoot(root, () => leaf(`work ${i}`));
    endRoot(root);
  }
  expect(recorderStats().chunksInUse).toBe(inUse + 3);
  for (const { segment, before } of borrowed) expect(copySegment(segment)).toEqual(before);
  for (const { giveBack } of borrowed) giveBack();
  for (const { giveBack } of borrowed) giveBack();
  expect(recorderStats().chunksInUse).toBe(inUse);
});
