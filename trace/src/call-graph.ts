/**
 * Who calls whom, summed by function; and the same graph made small enough to be drawn. One for the page, Graphviz and Mermaid.
 * Pure; must not know how a graph is drawn.
 */
import type { MergedCalls } from './merge-calls.ts';

/** Edges in order of first sight; `caller` -1: the root. Functions are indices into the view file's. Times in ms. */
export interface CallGraph {
  readonly count: number;
  readonly caller: Int32Array;
  readonly callee: Int32Array;
  readonly calls: Uint32Array;
  readonly errors: Uint32Array;
  /** Sum of the durations of these calls. */
  readonly total: Float64Array;
  /** Sum of the callee's own time in these calls. */
  readonly self: Float64Array;
}

export function callGraph(merged: MergedCalls): CallGraph {
  const edgeOf = new Map<number, number>();
  const edgeOfNode = new Uint32Array(merged.count);
  const ends: number[] = [];
  for (let node = 1; node < merged.count; node++) {
    const caller = merged.functionIndex[merged.parent[node]!]!;
    const callee = merged.functionIndex[node]!;
    // 2^26 functions and more would collide; a trace names fewer.
    const key = (caller + 1) * 0x4000000 + callee;
    let edge = edgeOf.get(key);
    if (edge === undefined) {
      edge = edgeOf.size;
      edgeOf.set(key, edge);
      ends.push(caller, callee);
    }
    edgeOfNode[node] = edge;
  }
  const count = edgeOf.size;
  const graph: CallGraph = {
    count,
    caller: Int32Array.from({ length: count }, (_, edge) => ends[edge * 2]!),
    callee: Int32Array.from({ length: count }, (_, edge) => ends[edge * 2 + 1]!),
    calls: new Uint32Array(count),
    errors: new Uint32Array(count),
    total: new Float64Array(count),
    self: new Float64Array(count),
  };
  for (let node = 1; node < merged.count; node++) {
    const edge = edgeOfNode[node]!;
    graph.calls[edge]! += merged.calls[node]!;
    graph.errors[edge]! += merged.errors[node]!;
    graph.total[edge]! += merged.total[node]!;
    graph.self[edge]! += merged.self[node]!;
  }
  return graph;
}
