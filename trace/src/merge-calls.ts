/**
 * Calls merged by path: every call of the same function along the same path of callers becomes one node, which sums what they took. What a
 * merged flame graph, a table of self and total times and a call graph are made of. Works on the columns of a view file, in one pass over
 * them, without an object a span. Must not need anything of a browser or of Node.
 */
import { coverTimes, lastTime } from './cover-times.ts';
import { PathTable } from './path-table.ts';
import { SpanFlag, type SuspensionColumns, type TraceColumns } from './trace-columns.ts';

/** Index 0 is the root, which is no call; parents come before children. Times in ms. */
export interface MergedCalls {
  readonly count: number;
  /** -1: the root. */
  readonly parent: Int32Array;
  /** Into the functions of the view file; -1: the root. */
  readonly functionIndex: Int32Array;
  readonly depth: Uint32Array;
  readonly calls: Uint32Array;
  /** Calls that threw. */
  readonly errors: Uint32Array;
  /** Calls without an end; they count as if they lasted to the end of the trace. */
  readonly open: Uint32Array;
  /** Time in the function itself: neither in a call that was recorded nor waiting. */
  readonly self: Float64Array;
  /** Time in which the function was suspended and none of its calls ran. */
  readonly waiting: Float64Array;
  /** Sum of the durations. Calls that ran side by side make it longer than the trace. */
  readonly total: Float64Array;
  /** `self` of the node and of everything below it: never more than the parent's. */
  readonly weight: Float64Array;
  /** -1: none. Siblings are in order of weight, heaviest first. */
  readonly firstChild: Int32Array;
  readonly nextSibling: Int32Array;
  /** The node of each span. */
  readonly nodeOfSpan: Uint32Array;
  /** The longest of the calls. */
  readonly longest: Int32Array;
}

/** One entry a function, in the order of the view file's functions. Times in ms. */
export interface FunctionTotals {
  readonly calls: Uint32Array;
  readonly errors: Uint32Array;
  readonly open: Uint32Array;
  readonly self: Float64Array;
  readonly waiting: Float64Array;
  /** Sum of the durations; a call inside a call of the same function is not counted again. */
  readonly total: Float64Array;
}

export function mergeCalls(columns: TraceColumns, suspensions?: SuspensionColumns): MergedCalls {
  const { count, start, end, flags, functionIndex } = columns;
  const nodeOfSpan = new Uint32Array(count);
  const paths = new PathTable(count);
  for (let i = 0; i < count; i++) {
    const parent = columns.parent[i]!;
    nodeOfSpan[i] = paths.childOf(parent >= 0 ? nodeOfSpan[parent]! : 0, functionIndex[i]!);
  }
  const nodes = paths.count;
  const last = lastTime(columns);
  const { covered, waited } = coverTimes(columns, suspensions, last);
  const calls = new Uint32Array(nodes);
  const errors = new Uint32Array(nodes);
  const open = new Uint32Array(nodes);
  const self = new Float64Array(nodes);
  const waiting = new Float64Array(nodes);
  const total = new Float64Array(nodes);
  const longest = new Int32Array(nodes).fill(-1);
  const longestTime = new Float64Array(nodes).fill(-1);
  for (let i = 0; i < count; i++) {
    const node = nodeOfSpan[i]!;
    const isOpen = Number.isNaN(end[i]!);
    const duration = Math.max((isOpen ? last : end[i]!) - start[i]!, 0);
    calls[node]!++;
    if (isOpen) open[node]!++;
    if ((flags[i]! & SpanFlag.THREW) !== 0) errors[node]!++;
    total[node]! += duration;
    self[node]! += Math.max(duration - covered[i]!, 0);
    waiting[node]! += waited[i]!;
    if (duration > longestTime[node]!) {
      longestTime[node] = duration;
      longest[node] = i;
    }
  }
  const parent = paths.parent.slice(0, nodes);
  const weight = self.slice();
  for (let node = nodes - 1; node > 0; node--) weight[parent[node]!]! += weight[node]!;
  total[0] = weight[0]!;
  const { firstChild, nextSibling } = linkByWeight(parent, weight);
  const depth = new Uint32Array(nodes);
  for (let node = 1; node < nodes; node++) depth[node] = depth[parent[node]!]! + 1;
  return {
    count: nodes,
    parent,
    functionIndex: paths.functionIndex.slice(0, nodes),
    depth,
    calls,
    errors,
    open,
    self,
    waiting,
    total,
    weight,
    firstChild,
    nextSibling,
    nodeOfSpan,
    longest,
  };
}

export function functionTotals(merged: MergedCalls, functionCount: number): FunctionTotals {
  const calls = new Uint32Array(functionCount);
  const errors = new Uint32Array(functionCount);
  const open = new Uint32Array(functionCount);
  const self = new Float64Array(functionCount);
  const waiting = new Float64Array(functionCount);
  const total = new Float64Array(functionCount);
  const nested = nestedNodes(merged, functionCount);
  for (let node = 1; node < merged.count; node++) {
    const index = merged.functionIndex[node]!;
    calls[index]! += merged.calls[node]!;
    errors[index]! += merged.errors[node]!;
    open[index]! += merged.open[node]!;
    self[index]! += merged.self[node]!;
    waiting[index]! += merged.waiting[node]!;
    if (nested[node] === 0) total[index]! += merged.total[node]!;
  }
  return { calls, errors, open, self, waiting, total };
}

/** 1 where a node lies below a node of its own function. A walk in depth-first order without recursion. */
export function nestedNodes(merged: MergedCalls, functionCount: number): Uint8Array {
  const { parent, functionIndex, firstChild, nextSibling } = merged;
  const nested = new Uint8Array(merged.count);
  const active = new Uint32Array(functionCount);
  let node = firstChild[0]!;
  while (node > 0) {
    const index = functionIndex[node]!;
    nested[node] = active[index]! > 0 ? 1 : 0;
    active[index]!++;
    if (firstChild[node]! >= 0) {
      node = firstChild[node]!;
      continue;
    }
    while (node > 0 && nextSibling[node]! < 0) {
      active[functionIndex[node]!]!--;
      node = parent[node]!;
    }
    if (node <= 0) break;
    active[functionIndex[node]!]!--;
    node = nextSibling[node]!;
  }
  return nested;
}

/** Siblings up to here are sorted by insertion: most lists are short, and a million calls of `sort` cost more than the sorting. */
const SHORT = 12;

/** Children of each node, heaviest first; of equal ones the first seen. */
export function linkByWeight(parent: Int32Array, weight: Float64Array): { firstChild: Int32Array; nextSibling: Int32Array } {
  const nodes = parent.length;
  const offsets = new Uint32Array(nodes + 1);
  for (let node = 1; node < nodes; node++) offsets[parent[node]! + 1]!++;
  for (let node = 0; node < nodes; node++) offsets[node + 1]! += offsets[node]!;
  const children = new Uint32Array(Math.max(nodes - 1, 0));
  const next = offsets.slice();
  for (let node = 1; node < nodes; node++) children[next[parent[node]!]!++] = node;
  const firstChild = new Int32Array(nodes).fill(-1);
  const nextSibling = new Int32Array(nodes).fill(-1);
  const compare = (a: number, b: number): number => weight[b]! - weight[a]! || a - b;
  for (let node = 0; node < nodes; node++) {
    const [from, end] = [offsets[node]!, offsets[node + 1]!];
    if (from === end) continue;
    if (end - from > SHORT) children.subarray(from, end).sort(compare);
    else {
      for (let at = from + 1; at < end; at++) {
        const child = children[at]!;
        let to = at;
        for (; to > from && compare(children[to - 1]!, child) > 0; to--) children[to] = children[to - 1]!;
        children[to] = child;
      }
    }
    firstChild[node] = children[from]!;
    for (let at = from + 1; at < end; at++) nextSibling[children[at - 1]!] = children[at]!;
  }
  return { firstChild, nextSibling };
}
