import { alignCalls, mergeCalls, type ComparedSide, type FunctionInfo } from '@captureflow/trace';
import { describe, expect, it } from 'vitest';
import { alignedRows, changedNodes, openChanged, type AlignedSides } from '../src/views/diff/aligned-rows.ts';

/** Spans as `[parent, name, start, end]`. */
function side(...spans: readonly (readonly [number, string, number, number])[]): ComparedSide {
  const names = [...new Set(spans.map(([, name]) => name))];
  return {
    functions: names.map((name) => ({ key: name, name }) as FunctionInfo),
    merged: mergeCalls({
      count: spans.length,
      parent: Int32Array.from(spans, ([parent]) => parent),
      functionIndex: Uint32Array.from(spans, ([, name]) => names.indexOf(name)),
      start: Float64Array.from(spans, ([, , start]) => start),
      end: Float64Array.from(spans, ([, , , end]) => end),
      flags: new Uint16Array(spans.length),
    }),
  };
}

function sidesOf(before: ComparedSide, after: ComparedSide): AlignedSides {
  return { aligned: alignCalls(before, after), before: before.merged, after: after.merged };
}

describe('rows of two aligned trees', () => {
  const sides = sidesOf(
    side([-1, 'main', 0, 100], [0, 'same', 0, 10], [1, 'inner', 0, 5], [0, 'old', 20, 30]),
    side([-1, 'main', 0, 100], [0, 'same', 0, 10], [1, 'inner', 0, 5], [0, 'fresh', 20, 90], [3, 'deeper', 20, 80]),
  );
  const marks = changedNodes(sides);

  it('come up open where they lead to a change, and closed below what is on one side only', () => {
    const rows = alignedRows(sides.aligned, openChanged(sides, marks, 100));
    expect(Array.from(rows.node.subarray(0, rows.count), (node, row) => `${rows.depth[row]} ${marks[node]}`)).toEqual([
      '0 2',
      '1 3',
      '1 0',
      '1 1',
    ]);
  });

  it('leave out what did not change when asked to', () => {
    const rows = alignedRows(sides.aligned, new Uint8Array(sides.aligned.count).fill(1), marks);
    expect(rows.count).toBe(4);
    expect(Array.from(rows.node.subarray(0, rows.count), (node) => marks[node])).not.toContain(0);
  });

  it('reach 100,000 levels', () => {
    const deep = side(...Array.from({ length: 100_000 }, (_, i) => [i - 1, 'f', i, 300_000 - i] as const));
    const same = sidesOf(deep, deep);
    expect(alignedRows(same.aligned, new Uint8Array(same.aligned.count).fill(1)).count).toBe(100_000);
  });
});
