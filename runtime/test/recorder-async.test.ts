import { afterEach, describe, expect, it } from 'vitest';
import {
  ASYNC,
  functions,
  GENERATOR,
  LEXICAL_PARENT,
  losses,
  plain,
  R,
  record,
  shape,
  span,
  spanOf,
  spansOf,
  turn,
} from './recorder-harness.ts';
import type { Recording } from './recorder-harness.ts';
import { setRung } from '../src/gates.ts';
import { currentRoot, endRoot, openRoot, recorderStats, runInRoot } from '../src/recorder.ts';

let recording: Recording | undefined;
afterEach(() => {
  recording?.stop();
  recording = undefined;
});

const f = functions({
  load: {
    flags: ASYNC,
    parameters: ['n'],
    bindings: ['x'],
    sites: [
      [0, 3, [0]],
      [1, 3, [0]],
    ],
    positions: [[], [0]],
  },
  step: { flags: ASYNC, parameters: ['n'] },
  work: { parameters: ['n'] },
  main: { flags: ASYNC | LEXICAL_PARENT },
  callback: { parameters: ['label'] },
  count: { flags: GENERATOR, parameters: ['n'] },
  outerCount: { flags: GENERATOR },
  stream: { flags: ASYNC | GENERATOR, parameters: ['n'] },
  outerStream: { flags: ASYNC | GENERATOR },
  consume: { flags: ASYNC },
  next: {},
});

function byName(from: Recording): Record<string, string> {
  return Object.fromEntries(from.traces().map((trace) => [trace.root.name, shape(trace)]));
}

function work(n: number): number {
  const s = R.enter1(f.work, 0, n);
  let r: number;
  try {
    return ((r = n * 2), s !== 0 && R.exit(s, r), r);
  } catch (e) {
    throw s === 0 ? e : R.thrown(s, e, 0);
  }
}

async function step(n: number): Promise<number> {
  const s = R.enter1(f.step, 0, n);
  let r: number;
  try {
    R.resume(s, await R.suspend(s, new Promise((done) => setTimeout(done, n % 3))));
    return ((r = work(n)), s !== 0 && R.exit(s, r), r);
  } catch (e) {
    throw s === 0 ? e : R.thrown(s, e, 0);
  }
}

async function load(n: number, fail = false): Promise<number> {
  const s = R.enter1(f.load, 0, n);
  let r: number;
  let x_: unknown;
  let p = 0;
  try {
    const x = R.resume(s, await R.suspend(s, step(n))) as number;
    x_ = x;
    p = 1;
    if (fail) R.resume(s, await R.suspend(s, Promise.reject(new Error(`no ${n}`))));
    const y = R.resume(s, await R.suspend(s, step(n + 1))) as number;
    return ((r = x + y), s !== 0 && (R.values1(s, 0, x), R.exit(s, r)), r);
  } catch (e) {
    throw s === 0 ? e : (R.values1(s, 1, x_), R.thrown(s, e, p));
  }
}

async function main(body: (s: number) => unknown): Promise<unknown> {
  const s = R.enter0(f.main, 0);
  let r: unknown;
  try {
    const v = R.resume(s, await R.suspend(s, body(s)));
    return ((r = v), s !== 0 && R.exit(s, r), r);
  } catch (e) {
    throw s === 0 ? e : R.thrown(s, e, 0);
  }
}

function callback(parent: number, label: string): void {
  const s = R.enter1(f.callback, parent, label);
  try {
    work(1);
    if (s !== 0) R.exit(s, undefined);
  } catch (e) {
    throw s === 0 ? e : R.thrown(s, e, 0);
  }
}

function* count(n: number): Generator<number, string, unknown> {
  const s = R.enter1(f.count, 0, n);
  try {
    for (let i = 0; i < n; i++) {
      R.resume(s, yield R.suspendYield(s, work(i)) as number);
    }
    const done = 'done';
    if (s !== 0) R.hold(s, done);
    return done;
  } catch (e) {
    throw s === 0 ? e : R.caught(s, e, 0);
  } finally {
    if (s !== 0) R.end(s);
  }
}

function* outerCount(): Generator<number, string, unknown> {
  const s = R.enter0(f.outerCount, 0);
  try {
    const inner = R.resume(s, yield* R.delegate(s, count(2)) as Generator<number, string>) as string;
    if (s !== 0) R.hold(s, inner);
    return inner;
  } catch (e) {
    throw s === 0 ? e : R.caught(s, e, 0);
  } finally {
    if (s !== 0) R.end(s);
  }
}

async function* stream(n: number): AsyncGenerator<number, void, unknown> {
  const s = R.enter1(f.stream, 0, n);
  try {
    for (let i = 0; i < n; i++) {
      const v = R.resume(s, await R.suspend(s, step(i))) as number;
      R.resume(s, yield R.suspendYield(s, v) as number);
    }
    if (s !== 0) R.hold(s, undefined);
    return;
  } catch (e) {
    throw s === 0 ? e : R.caught(s, e, 0);
  } finally {
    if (s !== 0) R.end(s);
  }
}

async function* outerStream(): AsyncGenerator<number, void, unknown> {
  const s = R.enter0(f.outerStream, 0);
  try {
    R.resume(s, yield* R.delegate(s, stream(2)) as AsyncGenerator<number, void>);
    if (s !== 0) R.hold(s, undefined);
  } catch (e) {
    throw s === 0 ? e : R.caught(s, e, 0);
  } finally {
    if (s !== 0) R.end(s);
  }
}

async function consume(source: () => AsyncIterable<number>, stopAt = Number.POSITIVE_INFINITY): Promise<number> {
  const s = R.enter0(f.consume, 0);
  let r = 0;
  try {
    let sum = 0;
    for await (const v of R.suspendLoop(s, source()) as AsyncIterable<number>) {
      R.resume(s, 0);
      sum += work(v);
      if (v >= stopAt) {
        R.suspendLoop(s, 0);
        break;
      }
      R.suspendLoop(s, 0);
    }
    R.resume(s, 0);
    return ((r = sum), s !== 0 && R.exit(s, r), r);
  } catch (e) {
    throw s === 0 ? e : R.thrown(s, e, 0);
  }
}

describe('async functions', () => {
  it('hang under their caller across awaits, with what they do between', async () => {
    recording = record();
    expect(await load(1)).toBe(6);
    const trace = recording.trace();
    expect(shape(trace)).toBe('top:load(step(work) step(work))');
    expect(span(trace, 1).suspensions.map((one) => [one.kind, one.to !== undefined])).toEqual([
      ['await', true],
      ['await', true],
    ]);
    expect(losses(trace)).toEqual({});
  });

  it('throw what they awaited, with the locals of that moment', async () => {
    recording = record();
    await expect(load(1, true)).rejects.toThrow('no 1');
    const trace = recording.trace();
    expect(shape(trace)).toBe('top:load!(step(work))');
    expect(span(trace, 1).locals?.map((local) => plain(local.value))).toEqual([2]);
    expect(losses(trace)).toEqual({});
  });

  it('do not mix when a hundred of them run at once in ten roots', async () => {
    recording = record({ maxBytes: 64 * 1024 * 1024 });
    const roots = Array.from({ length: 10 }, (_, i) => openRoot({ kind: 'run', name: `root ${i}` }));
    await Promise.all(
      roots.map(async (root, i) => {
        await runInRoot(root, () => Promise.all(Array.from({ length: 10 }, (_, j) => load(i * 100 + j, j === 7).catch(() => 0))));
        endRoot(root);
      }),
    );
    const traces = recording.traces().filter((trace) => trace.root.kind === 'run');
    expect(traces).toHaveLength(10);
    for (const trace of traces) {
      const i = Number(trace.root.name.slice(5));
      expect(trace.children).toHaveLength(10);
      const loads = spansOf(trace, 'load');
      expect(loads.map((one) => plain(one.args[0]?.value))).toEqual(Array.from({ length: 10 }, (_, j) => i * 100 + j));
      for (const one of loads) {
        const n = plain(one.args[0]?.value) as number;
        const failed = n % 100 === 7;
        expect(one.link).toBe('root');
        expect(one.outcome.kind).toBe(failed ? 'threw' : 'returned');
        expect(one.children.map((child) => plain(span(trace, child).args[0]?.value))).toEqual(failed ? [n] : [n, n + 1]);
        for (const child of one.children)
          expect(span(trace, child).children.map((leaf) => span(trace, leaf).function.name)).toEqual(['work']);
      }
      expect(losses(trace)).toEqual({});
    }
    expect(recorderStats().openSpans).toBe(0);
  });

  it('stay open in the trace when nothing ever wakes them', async () => {
    recording = record();
    void main(() => new Promise(() => {}));
    await turn();
    const trace = recording.trace();
    expect(shape(trace)).toBe('top:main?');
    expect(recording.segments[0]?.header.end).toBeNull();
  });

  it('get their outcome even when the resume before it is missing', async () => {
    recording = record();
    const s = R.enter1(f.load, 0, 1);
    R.suspend(s, 0);
    await turn();
    R.values1(s, 0, 5);
    R.exit(s, 9);
    const trace = recording.trace();
    expect(shape(trace)).toBe('top:load');
    expect(span(trace, 1).suspensions[0]?.to).toBeDefined();
    expect(losses(trace)).toEqual({});
  });

  it('pass every value through the pause probes, recorded or not', () => {
    const value = { any: 'thing' };
    for (const probe of [R.suspend, R.suspendYield, R.delegate, R.suspendLoop, R.resume]) expect(probe(0, value)).toBe(value);
    recording = record();
    const s = R.enter0(f.main, 0);
    for (const probe of [R.suspend, R.resume, R.suspendYield, R.resume, R.delegate, R.resume, R.suspendLoop, R.resume])
      expect(probe(s, value)).toBe(value);
    expect(R.resume(s, value)).toBe(value);
    R.exit(s, 1);
    expect(R.resume(s, value)).toBe(value);
    expect(R.suspend(s, value)).toBe(value);
  });

  it('leave a caller on the stack where it was when an await fails before it waits', () => {
    recording = record();
    const caller = R.enter1(f.work, 0, 1);
    const s = R.enter0(f.main, 0);
    R.suspend(s, 0);
    // `await p` where reading `p.constructor` throws: the catch is reached in the same synchronous run.
    R.resume(s, 0);
    R.thrown(s, new Error('sync'), 0);
    work(2);
    R.exit(caller, 2);
    expect(shape(recording.trace())).toBe('top:work(main! work)');
  });

  it('suspend what a nested event loop left on the stack instead of losing it', () => {
    recording = record();
    const waiting = R.enter0(f.main, 0);
    R.suspend(waiting, 0);
    const blocked = R.enter1(f.work, 0, 1);
    work(5);
    R.resume(waiting, 0);
    work(3);
    R.exit(waiting, 1);
    R.exit(blocked, 2);
    const trace = recording.trace();
    expect(shape(trace)).toBe('top:main(work) top:work(work)');
    expect(losses(trace)).toEqual({});
  });
});

describe('work on an empty stack', () => {
  it('hangs under the activation whose closure runs, also after that has ended', async () => {
    recording = record();
    await main((s) => {
      setTimeout(() => callback(s, 'early'), 0);
      setTimeout(() => callback(s, 'late'), 15);
      return 1;
    });
    await new Promise((done) => setTimeout(done, 30));
    const trace = recording.trace();
    expect(shape(trace)).toBe('top:main(lexical:callback(work) lexical:callback(work))');
    expect(losses(trace)).toEqual({});
  });

  it('falls back to the root of its asynchronous context', async () => {
    recording = record();
    const root = openRoot({ kind: 'http', name: 'GET /' });
    await runInRoot(root, async () => {
      await new Promise<void>((done) => setTimeout(() => (callback(0, 'timer'), done()), 1));
    });
    callback(0, 'outside');
    endRoot(root);
    expect(byName(recording)).toEqual({
      'GET /': 'root:callback(work)',
      script: 'top:callback(work)',
    });
  });

  it('goes to the request that runs it, not to the program whose closure it is', async () => {
    recording = record();
    let token = 0;
    await main((s) => (token = s));
    const root = openRoot({ kind: 'http', name: 'GET /' });
    runInRoot(root, () => callback(token, 'handler'));
    endRoot(root);
    expect(byName(recording)).toEqual({
      script: 'top:main',
      'GET /': 'root:callback(work)',
    });
  });

  it('stays with its own open request when another request runs it', () => {
    recording = record();
    const first = openRoot({ kind: 'http', name: 'first' });
    const second = openRoot({ kind: 'http', name: 'second' });
    let token = 0;
    runInRoot(first, () => void main((s) => (token = s)));
    runInRoot(second, () => callback(token, 'batched'));
    endRoot(second);
    endRoot(first);
    expect(byName(recording)).toEqual({
      first: 'root:main?(lexical:callback(work))',
      second: '',
    });
  });

  it('never goes to an ended request when another is named by the context', async () => {
    recording = record();
    const first = openRoot({ kind: 'http', name: 'first' });
    const second = openRoot({ kind: 'http', name: 'second' });
    let token = 0;
    await runInRoot(first, () => main((s) => (token = s)));
    endRoot(first);
    runInRoot(second, () => callback(token, 'cached'));
    endRoot(second);
    expect(byName(recording)).toEqual({
      first: 'root:main',
      second: 'root:callback(work)',
    });
  });

  it('that comes after the end of its root is another part of the same trace', async () => {
    recording = record();
    const root = openRoot({ kind: 'http', name: 'GET /' });
    let token = 0;
    await runInRoot(root, () =>
      main((s) => {
        token = s;
        setTimeout(() => callback(0, 'context'), 5);
        return 1;
      }),
    );
    endRoot(root);
    expect(recording.segments.map((segment) => segment.header.part)).toEqual([0]);
    await new Promise((done) => setTimeout(done, 15));
    // On a busy machine both timers fire in one turn.
    await turn();
    await turn();
    callback(token, 'lexical');
    await turn();
    await turn();
    expect(recording.segments.map((segment) => segment.header.part)).toEqual([0, 1, 2]);
    const trace = recording.trace();
    expect(shape(trace)).toBe('root:main(lexical:callback(work)) root:callback(work)');
    expect(trace.spans.map((one) => one.number)).toEqual([1, 2, 3, 4, 5]);
    expect(losses(trace)).toEqual({});
  });

  it('of spans that were open at the end of their root goes on in the next part', async () => {
    recording = record();
    const root = openRoot({ kind: 'http', name: 'GET /' });
    const running = runInRoot(root, () => load(1));
    endRoot(root);
    await running;
    await turn();
    await turn();
    expect(recording.segments.map((segment) => segment.header.part)).toEqual([0, 1]);
    expect(shape(recording.trace())).toBe('root:load(step(work) step(work))');
    expect(losses(recording.trace())).toEqual({});
  });
});

describe('the price of roots', () => {
  it('ends with the recording: nothing of AsyncLocalStorage is left behind', async () => {
    recording = record();
    const root = openRoot({ kind: 'run', name: 'r' });
    const { promise, seen } = runInRoot(root, () => {
      const collected: unknown[] = [];
      return { seen: collected, promise: new Promise<void>((done) => setTimeout(() => (collected.push(currentRoot()), done()), 1)) };
    });
    recording.stop();
    await promise;
    expect(seen).toEqual([undefined]);
    recording = record();
    const next = openRoot({ kind: 'run', name: 'next' });
    await runInRoot(next, () => load(1));
    endRoot(next);
    expect(byName(recording)).toEqual({ next: 'root:load(step(work) step(work))' });
  });
});

describe('generators', () => {
  it('hang under the consumer that started them and run on top of whoever asks', () => {
    recording = record();
    const s = R.enter1(f.work, 0, 0);
    expect([...count(3)]).toEqual([0, 2, 4]);
    R.exit(s, 0);
    const trace = recording.trace();
    expect(shape(trace)).toBe('top:work(count(work work work))');
    expect(spanOf(trace, 'count').outcome).toMatchObject({ kind: 'returned', value: { value: 'done' } });
    expect(spanOf(trace, 'count').suspensions.map((one) => one.kind)).toEqual(['yield', 'yield', 'yield']);
    expect(losses(trace)).toEqual({});
  });

  it('are closed when their consumer breaks off', () => {
    recording = record();
    for (const v of count(3)) if (v === 2) break;
    const trace = recording.trace();
    expect(shape(trace)).toBe('top:count~(work work)');
    expect(losses(trace)).toEqual({});
  });

  it('report an error that their consumer throws in', () => {
    recording = record();
    const it = count(3);
    it.next();
    expect(() => it.throw(new Error('in'))).toThrow('in');
    expect(shape(recording.trace())).toBe('top:count!(work)');
  });

  it('that are given up do not keep their consumer from going on', () => {
    recording = record();
    const s = R.enter1(f.work, 0, 0);
    const it = count(3);
    it.next();
    work(7);
    R.exit(s, 0);
    const trace = recording.trace();
    expect(shape(trace)).toBe('top:work(count?(work) work)');
  });

  it('two of them at once keep their own children', () => {
    recording = record();
    const one = count(2);
    const two = count(2);
    for (let i = 0; i < 3; i++) {
      one.next();
      two.next();
    }
    const trace = recording.trace();
    expect(shape(trace)).toBe('top:count(work work) top:count(work work)');
    expect(losses(trace)).toEqual({});
  });

  it('that delegate are the parent of the one they delegate to', () => {
    recording = record();
    const s = R.enter1(f.work, 0, 0);
    expect([...outerCount()]).toEqual([0, 2]);
    R.exit(s, 0);
    const trace = recording.trace();
    expect(shape(trace)).toBe('top:work(outerCount(delegate:count(work work)))');
    expect(spanOf(trace, 'outerCount').suspensions.map((one) => one.kind)).toEqual(['delegate']);
    expect(losses(trace)).toEqual({});
  });

  it('that delegate are the parent also when a function that is only counted hands the other one out', () => {
    recording = record();
    const s = R.enter1(f.work, 0, 0);
    setRung(f.next, 0, 0);
    const handsOut = (): Generator<number> => {
      expect(R.enter0(f.next, 0)).toBe(0);
      return count(1);
    };
    const outer = (function* () {
      const t = R.enter0(f.outerCount, 0);
      R.resume(t, yield* R.delegate(t, { [Symbol.iterator]: handsOut }) as Iterable<number>);
      R.hold(t, undefined);
      R.end(t);
    })();
    expect([...outer]).toEqual([0]);
    R.exit(s, 0);
    const trace = recording.trace();
    expect(shape(trace)).toBe('top:work(outerCount(delegate:count(work)))');
    expect(losses(trace)).toEqual({});
  });

  it('read no clock where one on the stack asks for their values: nothing waits', () => {
    let readings = 0;
    recording = record({ now: () => ++readings / 1e6 });
    const s = R.enter1(f.work, 0, 0);
    for (let i = 0; i < 100; i++) work(i);
    const before = readings;
    let sum = 0;
    for (const v of count(5000)) sum += v;
    expect(sum).toBe(24_995_000);
    expect(readings - before).toBeLessThan(1000);
    R.exit(s, 0);
    const trace = recording.trace();
    expect(spanOf(trace, 'count').suspensions).toHaveLength(5000);
    expect(losses(trace)).toEqual({});
  });

  it('end with their own value or error, whatever the one in the same place before them ended with', () => {
    recording = record();
    const main = R.enter1(f.work, 0, 0);
    for (const outcome of ['text', undefined, 7, undefined, new Error('own'), undefined]) {
      const s = R.enter1(f.count, 0, 0);
      R.resume(s, R.suspendYield(s, 0));
      if (outcome instanceof Error) R.caught(s, outcome);
      else R.hold(s, outcome);
      R.end(s);
    }
    const closed = R.enter1(f.count, 0, 0);
    R.end(closed);
    R.exit(main, 0);
    const outcomes = spansOf(recording.trace(), 'count').map(({ outcome }) =>
      outcome.kind === 'returned' ? (outcome.value?.kind === 'string' ? outcome.value.value : outcome.value?.kind) : outcome.kind,
    );
    expect(outcomes).toEqual(['text', 'undefined', 'number', 'undefined', 'threw', 'undefined', 'closed']);
  });

  it('of one root work on in another root that consumes them, and give way to it again', () => {
    recording = record();
    const first = openRoot({ kind: 'run', name: 'first' });
    const second = openRoot({ kind: 'run', name: 'second' });
    const it = count(2);
    runInRoot(first, () => it.next());
    runInRoot(second, () => {
      const s = R.enter1(f.work, 0, 9);
      it.next();
      work(8);
      R.exit(s, 9);
    });
    endRoot(first);
    endRoot(second);
    expect(recording.traces().map((trace) => shape(trace))).toEqual(['root:count?(work work)', 'root:work(work)']);
  });
});

describe('async generators', () => {
  it('hang under the for await that asks them, and the consumer goes on between', async () => {
    recording = record();
    expect(await consume(() => stream(2))).toBe(4);
    const trace = recording.trace();
    expect(shape(trace)).toBe('top:consume(loop:stream(step(work) step(work)) work work)');
    expect(losses(trace)).toEqual({});
  });

  it('are closed by a break in the loop', async () => {
    recording = record();
    expect(await consume(() => stream(5), 2)).toBe(4);
    const trace = recording.trace();
    expect(shape(trace)).toBe('top:consume(loop:stream~(step(work) step(work)) work work)');
    expect(losses(trace)).toEqual({});
  });

  it('that delegate are the parent of the one they delegate to', async () => {
    recording = record();
    expect(await consume(outerStream)).toBe(4);
    const trace = recording.trace();
    expect(shape(trace)).toBe('top:consume(loop:outerStream(delegate:stream(step(work) step(work))) work work)');
    expect(losses(trace)).toEqual({});
  });

  it('pass a failure to the loop that asked', async () => {
    recording = record();
    async function* broken(): AsyncGenerator<number> {
      const s = R.enter1(f.stream, 0, 0);
      try {
        R.resume(s, yield R.suspendYield(s, 1) as number);
        throw new Error('broken');
      } catch (e) {
        throw s === 0 ? e : R.caught(s, e, 0);
      } finally {
        if (s !== 0) R.end(s);
      }
    }
    await expect(consume(broken)).rejects.toThrow('broken');
    const trace = recording.trace();
    expect(shape(trace)).toBe('top:consume!(loop:stream! work)');
    expect(losses(trace)).toEqual({});
  });

  it('a next() of the program that a for await calls hangs under the loop', async () => {
    recording = record();
    const source = {
      [Symbol.asyncIterator]() {
        let i = 0;
        return {
          next(): Promise<IteratorResult<number>> {
            const s = R.enter0(f.next, 0);
            const r = Promise.resolve(i < 2 ? { done: false, value: i++ } : { done: true, value: undefined }) as Promise<
              IteratorResult<number>
            >;
            if (s !== 0) R.exit(s, r);
            return r;
          },
        };
      },
    };
    await Promise.all([consume(() => source), consume(() => source)]);
    const trace = recording.trace();
    expect(shape(trace)).toBe('top:consume(loop:next work loop:next work loop:next) top:consume(loop:next work loop:next work loop:next)');
  });
});

describe('a span that waits where no code of ours could stand', () => {
  const throwing = new Error('y');

  it.each([
    ['an async function', f.step],
    ['an async generator', f.stream],
  ])('keeps its outcome, and is off the stack meanwhile: %s', async (_, fn) => {
    recording = record();
    const stale = recorderStats().dropped['staleToken'];
    const main = R.enter0(f.main, 0);
    const inner = R.enter1(fn, 0, 1);
    // An error leaves a block with `await using`: the engine waits, and main goes on without a word.
    R.exit(R.enter0(f.next, 0), 1);
    R.suspend(main, undefined);
    await turn();
    R.exit(R.enter0(f.callback, 0), undefined);
    R.caught(inner, throwing, 0);
    R.end(inner);
    R.resume(main, undefined);
    R.exit(main, undefined);
    const trace = recording.trace();
    expect(spanOf(trace, fn === f.step ? 'step' : 'stream').outcome).toMatchObject({ kind: 'threw' });
    expect(spanOf(trace, 'main').outcome).toMatchObject({ kind: 'returned' });
    expect(recorderStats().dropped['staleToken']).toBe(stale);
    expect(losses(trace)).toEqual({});
    expect(recorderStats().openSpans).toBe(0);
  });
});
