import { describe, expect, it } from 'vitest';
import { functionFlames, mergeCalls } from '../src/index.ts';
import type { FlameNodes } from '../src/index.ts';
import type { TraceColumns } from '../src/trace-columns.ts';

/** Spans as [function, parent, start, end]. */
function columnsOf(spans: readonly (readonly [number, number, number, number])[]): TraceColumns {
  return {
    count: spans.length,
    functionIndex: Uint32Array.from(spans, ([fn]) => fn),
    parent: Int32Array.from(spans, ([, parent]) => parent),
    start: Float64Array.from(spans, ([, , start]) => start),
    end: Float64Array.from(spans, ([, , , end]) => end),
    flags: new Uint16Array(spans.length),
  };
}

const NAMES = ['a', 'b', 'f', 'g'];

/** `f 6x2 > [g 4x2, …]`: name, weight, calls, children. */
function shown(flame: FlameNodes, node = 0): string {
  const below: string[] = [];
  for (let child = flame.firstChild[node] as number; child >= 0; child = flame.nextSibling[child] as number)
    below.push(shown(flame, child));
  const name = NAMES[flame.functionIndex[node] as number] ?? 'root';
  return `${name} ${flame.weight[node]}x${flame.calls[node]}${below.length > 0 ? ` > [${below.join(', ')}]` : ''}`;
}

describe('the flames of a function', () => {
  // root > a > f > g, root > b > a > f > g, root > f.
  const merged = mergeCalls(
    columnsOf([
      [0, -1, 0, 10],
      [2, 0, 1, 7],
      [3, 1, 2, 6],
      [1, -1, 20, 40],
      [0, 3, 21, 39],
      [2, 4, 22, 32],
      [3, 5, 23, 24],
      [2, -1, 50, 51],
    ]),
  );

  it('have its callers, whom those were called by, and the time that it took for each of them', () => {
    expect(shown(functionFlames(merged, 2, 4).callers)).toBe('f 17x3 > [a 16x2 > [b 10x1 > [root 10x1], root 6x1], root 1x1]');
  });

  it('have its callees along all paths that led to it', () => {
    expect(shown(functionFlames(merged, 2, 4).callees)).toBe('f 17x3 > [g 5x2]');
    expect(shown(functionFlames(merged, 3, 4).callees)).toBe('g 5x2');
  });

  it('count a call inside a call of the same function once', () => {
    const recursive = mergeCalls(
      columnsOf([
        [0, -1, 0, 10],
        [2, 0, 0, 10],
        [2, 1, 2, 8],
        [2, 2, 3, 4],
      ]),
    );
    const { callers, callees } = functionFlames(recursive, 2, 4);
    expect(shown(callers)).toBe('f 10x1 > [a 10x1 > [root 10x1]]');
    expect(shown(callees)).toBe('f 10x1 > [f 6x1 > [f 1x1]]');
  });

  it('end at a depth that a picture can show, for 10,000 calls within each other', () => {
    const deep = mergeCalls(columnsOf(Array.from({ length: 10_000 }, (_, i) => [i === 5000 ? 2 : 0, i - 1, i, 20_000 - i] as const)));
    const { callers, callees } = functionFlames(deep, 2, 4);
    expect(callers.count).toBe(201);
    expect(callees.count).toBe(201);
  });
});
