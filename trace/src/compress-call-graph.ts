/**
 * A call graph made small enough to be drawn and read: small circles of functions that call each other become one group, then chains (one
 * caller, one callee) become one, then only the heaviest stay and the rest is counted. Nothing leaves without being counted. Pure, iterative.
 */
import type { CallGraph } from './call-graph.ts';
import type { FunctionTotals } from './merge-calls.ts';

export interface GraphGroup {
  /** `rest`: everything that was not among the heaviest. `root`: index 0, without functions. */
  readonly kind: 'root' | 'function' | 'cycle' | 'chain' | 'rest';
  /** In order of calling, as far as there is one. */
  readonly functions: readonly number[];
  readonly calls: number;
  readonly errors: number;
  readonly self: number;
}

export interface GraphLink {
  readonly from: number;
  readonly to: number;
  readonly calls: number;
  readonly errors: number;
  readonly total: number;
}

export interface CompressedGraph {
  readonly groups: readonly GraphGroup[];
  readonly links: readonly GraphLink[];
}

export interface CompressOptions {
  /** Groups that may stay beside the root and the rest; default 60. */
  readonly limit?: number;
  /** Whether circles and chains are folded: `large` (default): only in a graph of more than `limit` functions. */
  readonly fold?: 'always' | 'large' | 'never';
}

export function compressCallGraph(graph: CallGraph, totals: FunctionTotals, options: CompressOptions = {}): CompressedGraph {
  const { limit = 60, fold = 'large' } = options;
  const functions = functionsOf(graph);
  let members: number[][] = functions.map((index) => [index]);
  let kinds: GraphGroup['kind'][] = functions.map(() => 'function');
  if (fold === 'always' || (fold === 'large' && functions.length > limit)) {
    // A recursive-descent parser is one circle: folded it would say nothing, so the heaviest of its functions stay for themselves.
    members = cyclesOf(graph, functions).flatMap((group) =>
      group.length > Math.max(limit / 4, 2) ? group.map((each) => [each]) : [group],
    );
    kinds = members.map((group) => (group.length > 1 ? 'cycle' : 'function'));
    ({ members, kinds } = foldChains(graph, members, kinds));
  }
  const groups = members.map((group, index): GraphGroup => sumOf(kinds[index]!, group, totals));
  const order = groups.map((_, index) => index);
  if (groups.length > limit) order.sort((a, b) => groups[b]!.self - groups[a]!.self || groups[b]!.calls - groups[a]!.calls || a - b);
  const kept = order.slice(0, limit).sort((a, b) => a - b);
  const shown: GraphGroup[] = [{ kind: 'root', functions: [], calls: 0, errors: 0, self: 0 }, ...kept.map((index) => groups[index]!)];
  const left = order.slice(limit).sort((a, b) => a - b);
  if (left.length > 0) {
    shown.push(
      sumOf(
        'rest',
        left.flatMap((index) => members[index]!),
        totals,
      ),
    );
  }
  return { groups: shown, links: linksOf(graph, shown) };
}

function sumOf(kind: GraphGroup['kind'], functions: readonly number[], totals: FunctionTotals): GraphGroup {
  let calls = 0;
  let errors = 0;
  let self = 0;
  for (const index of functions) {
    calls += totals.calls[index]!;
    errors += totals.errors[index]!;
    self += totals.self[index]!;
  }
  return { kind, functions, calls, errors, self };
}

function functionsOf({ count, callee }: CallGraph): number[] {
  const seen = new Set<number>();
  for (let edge = 0; edge < count; edge++) seen.add(callee[edge]!);
  return [...seen];
}

/** Edges between groups; what a group calls of its own stays only as a link to itself. */
function linksOf(graph: CallGraph, groups: readonly GraphGroup[]): GraphLink[] {
  const groupOf = new Map<number, number>([[-1, 0]]);
  groups.forEach((group, index) => group.functions.forEach((each) => groupOf.set(each, index)));
  const links = new Map<number, { from: number; to: number; calls: number; errors: number; total: number }>();
  for (let edge = 0; edge < graph.count; edge++) {
    const from = groupOf.get(graph.caller[edge]!) ?? 0;
    const to = groupOf.get(graph.callee[edge]!)!;
    if (from === to && groups[from]!.kind !== 'function') continue;
    const key = from * groups.length + to;
    let link = links.get(key);
    if (link === undefined) links.set(key, (link = { from, to, calls: 0, errors: 0, total: 0 }));
    link.calls += graph.calls[edge]!;
    link.errors += graph.errors[edge]!;
    link.total += graph.total[edge]!;
  }
  return [...links.values()];
}

/** Strongly connected components (Tarjan's, with its own stack: a chain of 100,000 functions must not overflow). */
function cyclesOf(graph: CallGraph, functions: readonly number[]): number[][] {
  const position = new Map(functions.map((index, at) => [index, at]));
  const callees: number[][] = functions.map(() => []);
  for (let edge = 0; edge < graph.count; edge++) {
    const from = position.get(graph.caller[edge]!);
    if (from !== undefined) callees[from]!.push(position.get(graph.callee[edge]!)!);
  }
  const order = new Int32Array(functions.length).fill(-1);
  const low = new Int32Array(functions.length);
  const next = new Uint32Array(functions.length);
  const onStack = new Uint8Array(functions.length);
  const stack: number[] = [];
  const components: number[][] = [];
  let seen = 0;
  const enter = (at: number): void => {
    order[at] = low[at] = seen++;
    onStack[at] = 1;
    stack.push(at);
  };
  for (let first = 0; first < functions.length; first++) {
    if (order[first] !== -1) continue;
    const path = [first];
    enter(first);
    while (path.length > 0) {
      const at = path[path.length - 1]!;
      if (next[at]! < callees[at]!.length) {
        const callee = callees[at]![next[at]!++]!;
        if (order[callee] === -1) {
          path.push(callee);
          enter(callee);
        } else if (onStack[callee] === 1) low[at] = Math.min(low[at]!, order[callee]!);
        continue;
      }
      path.pop();
      const caller = path[path.length - 1];
      if (caller !== undefined) low[caller] = Math.min(low[caller]!, low[at]!);
      if (low[at] !== order[at]) continue;
      const component: number[] = [];
      for (;;) {
        const member = stack.pop()!;
        onStack[member] = 0;
        component.push(functions[member]!);
        if (member === at) break;
      }
      components.push(component.reverse());
    }
  }
  // Tarjan's come callees first.
  return components.reverse();
}

/** Joins a group with its only callee where it is that callee's only caller. */
function foldChains(
  graph: CallGraph,
  members: readonly number[][],
  kinds: readonly GraphGroup['kind'][],
): { members: number[][]; kinds: GraphGroup['kind'][] } {
  const groupOf = new Map<number, number>();
  members.forEach((group, index) => group.forEach((each) => groupOf.set(each, index)));
  const NONE = -1;
  const MANY = -2;
  const callerOf = new Int32Array(members.length).fill(NONE);
  const calleeOf = new Int32Array(members.length).fill(NONE);
  for (let edge = 0; edge < graph.count; edge++) {
    const to = groupOf.get(graph.callee[edge]!)!;
    const from = groupOf.get(graph.caller[edge]!);
    if (from === to) continue;
    callerOf[to] = from === undefined || (callerOf[to] !== NONE && callerOf[to] !== from) ? MANY : from;
    if (from !== undefined) calleeOf[from] = calleeOf[from] !== NONE && calleeOf[from] !== to ? MANY : to;
  }
  const follows = (group: number): number => {
    const callee = calleeOf[group]!;
    return callee >= 0 && callerOf[callee] === group && kinds[group] === 'function' && kinds[callee] === 'function' ? callee : NONE;
  };
  const isLater = new Uint8Array(members.length);
  for (let group = 0; group < members.length; group++) {
    const callee = follows(group);
    if (callee !== NONE) isLater[callee] = 1;
  }
  const folded: number[][] = [];
  const foldedKinds: GraphGroup['kind'][] = [];
  for (let group = 0; group < members.length; group++) {
    if (isLater[group] === 1) continue;
    const chain = [...members[group]!];
    for (let callee = follows(group); callee !== NONE; callee = follows(callee)) chain.push(...members[callee]!);
    folded.push(chain);
    foldedKinds.push(chain.length > members[group]!.length ? 'chain' : kinds[group]!);
  }
  return { members: folded, kinds: foldedKinds };
}
