import { describe, expect, it } from 'vitest';
import { callGraph, type CallGraph } from '../src/call-graph.ts';
import { compressCallGraph, type CompressedGraph } from '../src/compress-call-graph.ts';
import { functionTotals, mergeCalls, type FunctionTotals } from '../src/merge-calls.ts';
import { columnsOf, type SpanNotation } from './columns.ts';

function graphOf(spans: readonly SpanNotation[]): { graph: CallGraph; totals: FunctionTotals } {
  const merged = mergeCalls(columnsOf(spans));
  return { graph: callGraph(merged), totals: functionTotals(merged, Math.max(...spans.map(([, index]) => index)) + 1) };
}

/** Spans from paths of functions: each path is called once, from the root. */
function called(...callPaths: readonly (readonly number[])[]): SpanNotation[] {
  const spans: SpanNotation[] = [];
  for (const path of callPaths) {
    const end = spans.length + path.length * 2;
    path.forEach((index, depth) => spans.push([depth === 0 ? -1 : spans.length - 1, index, spans.length, end - depth]));
  }
  return spans;
}

function texts({ groups, links }: CompressedGraph): { groups: string[]; links: string[] } {
  return {
    groups: groups.map(({ kind, functions, calls }) => `${kind} ${functions.join(',')} x${calls}`),
    links: links.map(({ from, to, calls }) => `${from}>${to} x${calls}`),
  };
}

describe('a call graph', () => {
  it('has one edge for each pair of caller and callee, with the calls of all paths', () => {
    const { graph } = graphOf(called([0, 1, 2], [1, 2], [0, 1]));
    const edges = Array.from(graph.calls, (calls, edge) => `${graph.caller[edge]}>${graph.callee[edge]} x${calls}`);
    expect(edges).toEqual(['-1>0 x2', '0>1 x2', '1>2 x2', '-1>1 x1']);
  });

  it('that is small stays as it is, recursion as a link to itself', () => {
    const { graph, totals } = graphOf(called([0, 1, 1], [0]));
    expect(texts(compressCallGraph(graph, totals))).toEqual({
      groups: ['root  x0', 'function 0 x2', 'function 1 x2'],
      links: ['0>1 x2', '1>2 x1', '2>2 x1'],
    });
  });

  it('folds functions that call each other in a circle into one group', () => {
    const { graph, totals } = graphOf(called([0, 1, 2, 1], [0, 3]));
    const { groups } = texts(compressCallGraph(graph, totals, { fold: 'always' }));
    expect(groups).toEqual(['root  x0', 'function 0 x2', 'function 3 x1', 'cycle 1,2 x3']);
  });

  it('folds a chain of only callers and only callees into one group, and ends it where another caller joins', () => {
    const { graph, totals } = graphOf(called([0, 1, 2, 3], [4, 3]));
    const { groups } = texts(compressCallGraph(graph, totals, { fold: 'always' }));
    expect(groups.sort()).toEqual(['chain 0,1,2 x3', 'function 3 x2', 'function 4 x1', 'root  x0']);
  });

  it('keeps the heaviest groups and counts every other in the rest, with the calls between them', () => {
    const wide = Array.from({ length: 30 }, (_, index) => [0, index + 1]);
    const { graph, totals } = graphOf(called(...wide, [0, 30], [0, 30]));
    const compressed = compressCallGraph(graph, totals, { limit: 2 });
    const { groups, links } = texts(compressed);
    expect(groups[0]).toBe('root  x0');
    expect(groups).toHaveLength(4);
    expect(groups[3]).toMatch(/^rest /);
    expect(compressed.groups.reduce((sum, { calls }) => sum + calls, 0)).toBe(64);
    expect(new Set(compressed.groups.flatMap(({ functions }) => functions)).size).toBe(31);
    expect(links.length).toBeGreaterThan(0);
  });

  it('of a chain of 100,000 functions and back does not overflow the stack', () => {
    const count = 100_000;
    const spans = Array.from({ length: count }, (_, i): SpanNotation => [i - 1, i, i, 3 * count - i]);
    const { graph, totals } = graphOf(spans);
    expect(compressCallGraph(graph, totals).groups.map(({ kind, functions }) => `${kind} ${functions.length}`)).toEqual([
      'root 0',
      `chain ${count}`,
    ]);
    const circle = graphOf([...spans, [count - 1, 0, count, count + 1]]);
    const { groups } = compressCallGraph(circle.graph, circle.totals, { limit: count * 4 });
    expect(compressCallGraph(circle.graph, circle.totals, { limit: count * 4, fold: 'always' }).groups[1]?.functions).toHaveLength(count);
    expect(groups).toHaveLength(count + 1);
  });

  it('keeps the heaviest functions of a circle that holds too many of them, for themselves', () => {
    const count = 1_000;
    const spans = Array.from({ length: count }, (_, i): SpanNotation => [i - 1, i, i, 3 * count - i]);
    const back = Array.from({ length: count }, (_, i): SpanNotation => [i, (i * 7) % count, i, i]);
    const { graph, totals } = graphOf([...spans, ...back]);
    const { groups } = compressCallGraph(graph, totals, { limit: 10 });
    expect(groups.map(({ kind, functions }) => `${kind} ${functions.length}`)).toEqual([
      'root 0',
      ...Array(10).fill('function 1'),
      'rest 990',
    ]);
  });
});
