import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Trace } from '@captureflow/trace';
import { annotate, flush, memoryExporter, runRoot, start, stats, stop, trace } from '../src/index.ts';
import type { MemoryExporter } from '../src/index.ts';
import { run, Workbench } from './program.ts';

let memory: MemoryExporter;

beforeEach(() => {
  memory = memoryExporter();
  start({ exporters: [memory], http: false, signals: false });
});
afterEach(() => stop());

/** `name(parent name)` of every span. */
function shape({ spans }: Trace): string[] {
  const name = (number: number): string => (number === 0 ? 'root' : (spans[number - 1]?.function.name ?? '?'));
  return spans.map((span) => `${name(span.number)} < ${name(span.parent)} ${span.link}: ${span.outcome.kind}`);
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

test('traced code without probes is one tree, across awaits and in parallel', async () => {
  const search = trace({ name: 'search', settled: true }, async (query: string) => {
    await sleep(query.length);
    return rank([query]);
  });
  const rank = trace('rank', (results: string[]) => results.length);
  const agent = trace({ name: 'agent', settled: true }, async (goal: string) => {
    await sleep(1);
    const found = await Promise.all([search(`${goal} one`), search(goal)]);
    return found.length;
  });
  const other = trace({ settled: true }, async function other() {
    await sleep(2);
    return rank([]);
  });
  await Promise.all([runRoot('run', () => agent('cats')), runRoot('second', () => other())]);
  await flush();
  const [second, first] = memory.traces().toSorted((a, b) => b.root.name.localeCompare(a.root.name));
  expect(first?.root.name).toBe('run');
  expect(first === undefined ? [] : shape(first)).toEqual([
    'agent < root root: returned',
    'search < agent lexical: returned',
    'search < agent lexical: returned',
    'rank < search lexical: returned',
    'rank < search lexical: returned',
  ]);
  expect(second === undefined ? [] : shape(second)).toEqual(['other < root root: returned', 'rank < other lexical: returned']);
  expect(first?.spans[0]).toMatchObject({
    args: [{ name: 'goal', value: { value: 'cats' } }],
    outcome: { value: { kind: 'number', value: 2 } },
  });
  expect(first?.spans[0]?.function.module).toBe('runtime/test/trace-tree.test.ts');
});

test('an error is recorded at every traced function it passes, once', async () => {
  const inner = trace('inner', () => {
    throw new RangeError('deep');
  });
  const outer = trace({ name: 'outer', settled: true }, async () => {
    await Promise.resolve();
    inner();
  });
  await expect(runRoot('job', () => outer())).rejects.toThrow('deep');
  await flush();
  const [trace0] = memory.traces();
  expect(trace0?.root.error).toEqual({ type: 'RangeError', message: 'deep' });
  const outcomes = trace0?.spans.map((span) => span.outcome) ?? [];
  expect(outcomes).toMatchObject([
    { kind: 'threw', error: { className: 'RangeError' } },
    { kind: 'threw', error: { message: 'deep' } },
  ]);
  expect(new Set(outcomes.map((outcome) => (outcome.kind === 'threw' ? outcome.errorId : 0))).size).toBe(1);
});

test('annotations hang on the span that runs, or on the root', async () => {
  const step = trace('step', () => annotate({ inside: 1 }));
  runRoot('job', () => {
    annotate('at the root');
    step();
  });
  await flush();
  const [job] = memory.traces();
  expect(job?.root.annotations).toMatchObject([{ value: 'at the root' }]);
  expect(job?.spans[0]?.annotations).toMatchObject([{ kind: 'object' }]);
});

test('stop in the middle of a traced call writes it as open, and the call goes on', async () => {
  const slow = trace({ name: 'slow', settled: true }, async (n: number) => {
    await sleep(5);
    return n;
  });
  const running = runRoot('job', () => slow(7));
  await stop();
  expect(await running).toBe(7);
  expect(stats().on).toBe(false);
  const [job] = memory.traces();
  expect(job === undefined ? [] : shape(job)).toEqual(['slow < root root: open']);
});

test('keep decides for each root, and the level is a bound', async () => {
  start({
    exporters: [memory],
    http: false,
    signals: false,
    level: 'calls',
    keep: (summary) => (summary.root.name === 'good' ? 'keep' : 'drop'),
  });
  const work = trace('work', (secret: string) => secret);
  for (const name of ['bad', 'good', 'worse']) runRoot(name, () => work('value'));
  await flush();
  const traces = memory.traces();
  expect(traces.map((kept) => kept.root.name)).toEqual(['good']);
  expect(traces[0]?.spans[0]?.args).toEqual([]);
  expect(stats().segmentsDropped).toBeGreaterThanOrEqual(2);
});

test('a promise that a traced function returns stays the program’s own: its unhandled rejection is seen as ever', async () => {
  const bench = new Workbench();
  await bench.install();
  try {
    const program = (wrap: string): string => `import { trace } from '@captureflow/runtime';
process.on('unhandledRejection', (error, promise) => console.log('unhandled', error.message, promise === rejected));
process.on('rejectionHandled', (promise) => console.log('handled late', promise === rejected));
const rejected = (${wrap})(async () => { await Promise.resolve(); throw new Error('lost'); })();
setTimeout(() => rejected.catch(() => console.log('caught')), 5);`;
    const results = [];
    for (const wrap of ['(fn) => fn', 'trace', 'trace({ settled: true })'])
      results.push(await run(bench.program({ 'main.mjs': program(wrap) })));
    expect(results[0]?.stdout).toBe('unhandled lost true\ncaught\nhandled late true\n');
    expect(results.slice(1)).toEqual([results[0], results[0]]);
  } finally {
    bench.remove();
  }
});
