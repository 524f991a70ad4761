import { afterEach, beforeEach, expect, test } from 'vitest';
import { flush, memoryExporter, runRoot, start, stop, trace } from '../src/index.ts';
import type { MemoryExporter } from '../src/index.ts';
import { failUnhandled } from '../src/recorder.ts';

let memory: MemoryExporter;

beforeEach(() => {
  memory = memoryExporter();
  start({ exporters: [memory], http: false, signals: false });
});
afterEach(() => stop());

const fail = trace('fail', (error: unknown) => {
  throw error;
});

/** Calls it as a host calls a listener. Returns what reached the host. */
function thrownBy(work: () => unknown): unknown {
  try {
    work();
    return undefined;
  } catch (error) {
    return error;
  }
}

const failures = async (): Promise<unknown[]> => {
  await flush();
  return memory.traces().map(({ root }) => root.error ?? null);
};

test.each<[unknown, { type: string; message: string }]>([
  [new RangeError('deep'), { type: 'RangeError', message: 'deep' }],
  ['a text', { type: 'string', message: 'a text' }],
])('an error that nobody handled is what the root failed with in which a recorded call threw it: %s', async (error, failure) => {
  failUnhandled(thrownBy(() => fail(error)));
  expect(await failures()).toEqual([failure]);
});

test('the first of several is told, and one that no recorded call threw is nobody’s', async () => {
  thrownBy(() => fail(new TypeError('handled')));
  failUnhandled(new Error('of a foreign script'));
  failUnhandled('a foreign text');
  failUnhandled(undefined);
  expect(await failures()).toEqual([null]);
  for (const text of ['first', 'second']) failUnhandled(thrownBy(() => fail(new Error(text))));
  expect(await failures()).toEqual([null, { type: 'Error', message: 'first' }]);
});

test('a root that ended already is as it was told', async () => {
  const error = new Error('late');
  runRoot('done', () => thrownBy(() => fail(error)));
  failUnhandled(error);
  expect(await failures()).toEqual([null]);
});
