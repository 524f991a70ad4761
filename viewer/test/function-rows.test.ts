import { callGraph, compressCallGraph, functionTotals, mergeCalls, type FunctionInfo } from '@captureflow/trace';
import { describe, expect, it } from 'vitest';
import { placeGraph, titleOf } from '../src/views/graph/graph-layout.ts';
import { functionRows, neighboursOf } from '../src/views/sandwich/function-rows.ts';

const FUNCTIONS = ['main', 'load', 'parse', 'unused'].map(
  (name) => ({ key: name, name, module: `src/${name}.ts`, line: 1 }) as FunctionInfo,
);
// main -> load, load, parse; load -> parse
const merged = mergeCalls({
  count: 5,
  parent: Int32Array.of(-1, 0, 0, 2, 0),
  functionIndex: Uint32Array.of(0, 1, 1, 2, 2),
  start: Float64Array.of(0, 1, 10, 11, 20),
  end: Float64Array.of(50, 5, 20, 14, 21),
  flags: new Uint16Array(5),
});
const totals = functionTotals(merged, 4);

describe('the rows of the table of functions', () => {
  it('are the functions that were called, sorted as asked', () => {
    expect([...functionRows(FUNCTIONS, totals, '', { key: 'self', descending: true })]).toEqual([0, 1, 2]);
    expect([...functionRows(FUNCTIONS, totals, '', { key: 'average', descending: false })]).toEqual([2, 1, 0]);
    expect([...functionRows(FUNCTIONS, totals, '', { key: 'name', descending: false })]).toEqual([1, 0, 2]);
  });

  it('are narrowed by words of name and file', () => {
    expect([...functionRows(FUNCTIONS, totals, 'SRC pars', { key: 'self', descending: true })]).toEqual([2]);
  });

  it('name callers and callees, those that took most first', () => {
    const { callers, callees } = neighboursOf(callGraph(merged), 2);
    expect(callers.map(({ functionIndex, calls, total }) => [functionIndex, calls, total])).toEqual([
      [1, 1, 3],
      [0, 1, 1],
    ]);
    expect(callees).toEqual([]);
  });
});

describe('the picture of a call graph', () => {
  it('has callers above what they call, and no box on another', () => {
    const { groups, links } = placeGraph(compressCallGraph(callGraph(merged), totals), FUNCTIONS, 'root');
    for (const { from, to } of links) expect(groups[from]!.y).toBeLessThan(groups[to]!.y);
    for (const a of groups) {
      for (const b of groups) {
        if (a !== b) expect(Math.abs(a.x - b.x) < (a.width + b.width) / 2 && Math.abs(a.y - b.y) < (a.height + b.height) / 2).toBe(false);
      }
    }
  });

  it('titles folded groups by what is in them', () => {
    const group = { functions: [0, 1, 2], calls: 1, errors: 0, self: 1 };
    const titles = (['function', 'cycle', 'chain', 'rest'] as const).map((kind) => titleOf({ ...group, kind }, FUNCTIONS, ''));
    expect(titles).toEqual(['main', '⟲ main +2', 'main → 1 → parse', '3 more functions']);
  });
});
