import { afterEach, expect, test } from 'vitest';
import { beginRoot, currentTrace, onTrace, runRoot, start, stop, trace } from '../src/index.ts';
import type { Trace } from '../src/index.ts';

afterEach(() => stop());

function record(): Trace[] {
  const traces: Trace[] = [];
  onTrace((each) => void traces.push(each));
  start({ exporters: [], budget: 1, signals: false });
  return traces;
}

const work = trace('work', () => 1);
/** Later, in no context of anybody's. */
const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1));

const told = (traces: readonly Trace[]): unknown[] => traces.map(({ root, spans }) => [root.kind, root.name, spans.length]).sort();

test('from its begin to its end a root takes what belongs to no other one', async () => {
  const traces = record();
  work();
  const end = beginRoot({ kind: 'test', name: 'first' });
  await turn();
  work();
  expect(currentTrace()?.name).toBe('first');
  await runRoot('own', async () => {
    await turn();
    work();
    work();
  });
  end();
  end();
  expect(currentTrace()).toBeUndefined();
  await turn();
  work();
  await stop();
  expect(told(traces)).toEqual([
    ['run', 'own', 2],
    ['script', expect.any(String), 2],
    ['test', 'first', 1],
  ]);
});

test('the second of two takes the place of the first, whose end does not take it away again', async () => {
  const traces = record();
  const first = beginRoot('first');
  const second = beginRoot('second');
  work();
  first();
  work();
  second(new Error('failed'));
  await stop();
  expect(told(traces)).toEqual([
    ['run', 'first', 0],
    ['run', 'second', 2],
  ]);
  expect(traces.find(({ root }) => root.name === 'second')?.root.error).toEqual({ type: 'Error', message: 'failed' });
});

test('it ends with its recording', async () => {
  record();
  const end = beginRoot('first');
  await stop();
  const traces = record();
  work();
  end();
  await stop();
  expect(told(traces)).toEqual([['script', expect.any(String), 1]]);
});

test('while nothing is recorded there is nothing to end', async () => {
  await stop();
  expect(beginRoot('nothing')()).toBeUndefined();
});
