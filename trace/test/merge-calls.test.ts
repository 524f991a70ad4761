import { describe, expect, it } from 'vitest';
import { functionTotals, mergeCalls, type MergedCalls } from '../src/merge-calls.ts';
import { SpanFlag, type SuspensionColumns, type TraceColumns } from '../src/trace-columns.ts';
import { columnsOf } from './columns.ts';

const [MAIN, LOAD, PARSE] = [0, 1, 2];

function pauses(rows: readonly (readonly [span: number, from: number, to: number])[]): SuspensionColumns {
  return {
    count: rows.length,
    span: Uint32Array.from(rows, ([span]) => span),
    from: Float64Array.from(rows, ([, from]) => from),
    to: Float64Array.from(rows, ([, , to]) => to),
    kind: new Uint8Array(rows.length),
  };
}

function paths(merged: MergedCalls): string[] {
  const texts: string[] = [];
  for (let node = 1; node < merged.count; node++) {
    const path: number[] = [];
    for (let at = node; at > 0; at = merged.parent[at]!) path.unshift(merged.functionIndex[at]!);
    texts.push(`${path.join('>')} x${merged.calls[node]}`);
  }
  return texts;
}

function childrenOf(merged: MergedCalls, node: number): number[] {
  const children: number[] = [];
  for (let child = merged.firstChild[node]!; child >= 0; child = merged.nextSibling[child]!) children.push(child);
  return children;
}

describe('merged calls', () => {
  it('become one node for each path of functions, and count calls and errors', () => {
    const merged = mergeCalls(
      columnsOf([
        [-1, MAIN, 0, 10],
        [0, LOAD, 1, 3],
        [1, PARSE, 1, 2],
        [0, LOAD, 4, 6, SpanFlag.THREW],
        [0, PARSE, 7, 9],
      ]),
    );
    expect(paths(merged)).toEqual(['0 x1', '0>1 x2', '0>1>2 x1', '0>2 x1']);
    expect([...merged.errors]).toEqual([0, 0, 1, 0, 0]);
    expect([...merged.nodeOfSpan]).toEqual([1, 2, 3, 2, 4]);
    expect([...merged.self]).toEqual([0, 4, 3, 1, 2]);
    expect([...merged.weight]).toEqual([10, 10, 4, 1, 2]);
  });

  it('stand heaviest first among their siblings', () => {
    const merged = mergeCalls(
      columnsOf([
        [-1, MAIN, 0, 1],
        [-1, LOAD, 1, 6],
        [-1, PARSE, 6, 8],
      ]),
    );
    expect(childrenOf(merged, 0).map((node) => merged.functionIndex[node])).toEqual([LOAD, PARSE, MAIN]);
  });

  it('that overlap take away from their caller only the time that at least one of them covers', () => {
    const merged = mergeCalls(
      columnsOf([
        [-1, MAIN, 0, 10],
        [0, LOAD, 1, 5],
        [0, LOAD, 3, 7],
        [0, LOAD, 6, 20],
      ]),
    );
    expect(merged.self[1]).toBe(1);
    expect(merged.total[2]).toBe(22);
  });

  it('leave to their caller what it does between the start of a promise and its await', () => {
    const columns = columnsOf([
      [-1, MAIN, 0, 10],
      [0, LOAD, 1, 9],
    ]);
    const merged = mergeCalls(
      columns,
      pauses([
        [1, 2, 8],
        [0, 5, 9],
      ]),
    );
    // main: 0-1 and 2-5 and 9-10; load runs 1-2 and 8-9; main waits 5-8.
    expect(merged.self[1]).toBe(5);
    expect(merged.self[2]).toBe(2);
    expect(merged.waiting[1]).toBe(3);
    expect(merged.waiting[2]).toBe(6);
  });

  it('that never end last to the end of the trace and are counted as open', () => {
    const merged = mergeCalls(
      columnsOf([
        [-1, MAIN, 0, Number.NaN],
        [0, LOAD, 2, 12],
      ]),
    );
    expect(merged.open[1]).toBe(1);
    expect(merged.total[1]).toBe(12);
    expect(merged.self[1]).toBe(2);
  });

  it('count a recursive call once in the total of its function and each time in its calls', () => {
    const merged = mergeCalls(
      columnsOf([
        [-1, MAIN, 0, 10],
        [0, LOAD, 1, 9],
        [1, MAIN, 2, 8],
        [2, MAIN, 3, 4],
      ]),
    );
    const totals = functionTotals(merged, 3);
    expect([...totals.calls]).toEqual([3, 1, 0]);
    expect([...totals.total]).toEqual([10, 8, 0]);
    expect([...totals.self]).toEqual([8, 2, 0]);
  });

  it('take times that run backwards without negative times', () => {
    const columns = columnsOf([
      [-1, MAIN, 5, 3],
      [0, LOAD, 4, 9],
      [1, PARSE, 1, 2],
    ]);
    const merged = mergeCalls(
      columns,
      pauses([
        [1, 8, 6],
        [0, 4, 4.5],
        [7, 1, 2],
      ]),
    );
    expect(Math.min(...merged.self, ...merged.total, ...merged.waiting)).toBeGreaterThanOrEqual(0);
    expect(paths(merged)).toEqual(['0 x1', '0>1 x1', '0>1>2 x1']);
  });

  it('of an empty trace are the root alone', () => {
    const merged = mergeCalls(columnsOf([]));
    expect(merged.count).toBe(1);
    expect(childrenOf(merged, 0)).toEqual([]);
  });

  it('of a million spans, 100,000 deep and 100,000 wide, add up', () => {
    const columns = large(1_000_000, 100_000);
    const merged = mergeCalls(columns);
    const totals = functionTotals(merged, 8);
    expect(totals.calls.reduce((a, b) => a + b)).toBe(1_000_000);
    expect(merged.depth.reduce((a, b) => Math.max(a, b))).toBe(100_001);
    expect(totals.self.reduce((a, b) => a + b)).toBeCloseTo(merged.weight[0]!, 3);
  });
});

/** A chain of `deep` spans, and all others directly under its last. */
function large(count: number, deep: number): TraceColumns {
  const columns = {
    count,
    start: new Float64Array(count),
    end: new Float64Array(count),
    parent: new Int32Array(count),
    functionIndex: new Uint32Array(count),
    flags: new Uint16Array(count),
  };
  for (let i = 0; i < count; i++) {
    columns.start[i] = i;
    columns.end[i] = i < deep ? 2 * count - i : i + 1;
    columns.parent[i] = i < deep ? i - 1 : deep - 1;
    columns.functionIndex[i] = i % 8;
  }
  return columns;
}
