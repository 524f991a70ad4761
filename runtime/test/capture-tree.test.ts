import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Trace } from '@captureflow/trace';
import { captureTree, currentTrace, memoryExporter, runRoot, start, stats, stop, trace } from '../src/index.ts';

// Nothing starts by itself here, and writes files.
beforeEach(() => stop());
afterEach(() => stop());

const add = trace('add', (a: number, b: number) => a + b);
const later = trace({ name: 'later', settled: true }, async (n: number) => {
  await null;
  return add(n, 1);
});

function names({ spans }: Trace): string[] {
  return spans.map((span) => span.function.name);
}

describe('captureTree', () => {
  test('answers with the result and with what ran, arguments and outcomes included', async () => {
    const { result, tree } = await captureTree(function sums() {
      return add(1, 2) + add(3, 4);
    });
    expect(result).toBe(10);
    expect(tree.root.name).toBe('sums');
    expect(names(tree)).toEqual(['add', 'add']);
    expect(tree.spans[1]?.args.map(({ name, value }) => [name, value])).toEqual([
      ['a', { kind: 'number', value: 3 }],
      ['b', { kind: 'number', value: 4 }],
    ]);
    expect(tree.spans[1]?.outcome).toMatchObject({ kind: 'returned', value: { kind: 'number', value: 7 } });
  });

  test('waits for a promise, and keeps calls beside each other apart', async () => {
    const [one, two] = await Promise.all([captureTree(() => later(1)), captureTree(async () => (await later(2)) + (await later(3)))]);
    expect([one.result, two.result]).toEqual([2, 7]);
    expect(names(one.tree)).toEqual(['later', 'add']);
    expect(names(two.tree)).toEqual(['later', 'add', 'later', 'add']);
    expect(stats().on).toBe(false);
  });

  test('throws what the function throws, the very same, and stops again', async () => {
    const error = { not: 'an error' };
    await expect(captureTree(() => Promise.reject(error))).rejects.toBe(error);
    await expect(
      captureTree(() => {
        throw error;
      }),
    ).rejects.toBe(error);
    expect(stats()).toMatchObject({ on: false, rootsOpen: 0 });
  });

  test('asks the recording that is under way for its trace, and lets it go on', async () => {
    const memory = memoryExporter();
    start({ exporters: [memory], budget: 1, http: false, signals: false, keep: { threw: true } });
    const { tree } = await captureTree(() => add(1, 1));
    expect(names(tree)).toEqual(['add']);
    runRoot('after', () => add(2, 2));
    expect(stats()).toMatchObject({ on: true, roots: { kept: { asked: 1 } } });
    expect(memory.traces().map(({ root }) => root.kind)).toEqual(['test']);
  });

  test('says so when the trace was dropped', async () => {
    start({ exporters: [], http: false, signals: false, keep: () => 'drop' });
    await expect(captureTree(() => add(1, 1))).rejects.toThrow('captureTree: the trace was dropped');
  });

  test('shows what many calls did one by one where nobody else has said a budget', async () => {
    const { tree } = await captureTree(() => {
      for (let k = 0; k < 20_000; k++) add(k, k);
    });
    expect(tree.spans).toHaveLength(20_000);
  });
});

describe('currentTrace', () => {
  test('is the root that runs, whose name may be changed, and nothing outside of one', async () => {
    expect(currentTrace()).toBeUndefined();
    const { tree } = await captureTree(async () => {
      const root = currentTrace();
      await null;
      expect(currentTrace()).toBe(root);
      if (root !== undefined) root.name = 'renamed';
      return root?.traceId;
    });
    expect(tree.root.name).toBe('renamed');
    expect(currentTrace()).toBeUndefined();
  });
});

test.each([
  [undefined, 'undefined'],
  ['place', '"place"'],
  [Promise.resolve(1), 'an object'],
])('what is no function is refused by name: %s', async (given, shown) => {
  await expect(captureTree(given as never)).rejects.toThrow(
    `captureTree: needs a function to run, as in captureTree(() => place(order)), not ${shown}`,
  );
});
