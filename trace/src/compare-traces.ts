/**
 * Two traces, or two sets of traces, side by side. Functions are matched by `FunctionInfo.key`, which survives edits elsewhere in their file;
 * calls by their path of callers and, along the same path, by their order. Pure: must not know who shows the difference.
 */
import { NO_DIGESTS, type CallDigests } from './digest-calls.ts';
import { functionTotals, type MergedCalls } from './merge-calls.ts';
import type { FunctionInfo } from './model.ts';

/** One side. `functions` and `digests` belong to the view file whose columns were merged. */
export interface ComparedSide {
  readonly functions: readonly FunctionInfo[];
  readonly merged: MergedCalls;
  /** Without: results are not compared. */
  readonly digests?: CallDigests;
}

/** What one side knows of one function. Times in ms, summed; `total` counts a call inside a call of the same function once. */
export interface SideTotals {
  readonly calls: number;
  readonly errors: number;
  readonly self: number;
  readonly total: number;
}

/** `results`: calls that got the same arguments and ended otherwise. `arguments`: calls that got others. */
export type Change = 'new' | 'gone' | 'slower' | 'faster' | 'results' | 'arguments' | 'errors' | 'calls';

export interface ComparedFunction {
  readonly key: string;
  readonly function: FunctionInfo;
  /** Undefined: not called on this side. */
  readonly before?: SideTotals;
  readonly after?: SideTotals;
  /** Empty: the same on both sides. */
  readonly changes: readonly Change[];
  /** Calls of which both sides know arguments and outcome, and how many of them differ. */
  readonly compared: number;
  readonly otherResults: number;
  readonly otherArguments: number;
  /** Span indices of the first pair with another result, -1: none. */
  readonly firstBefore: number;
  readonly firstAfter: number;
}

export interface CompareOptions {
  /** A function is slower when a call takes this many times as long; default 1.5. */
  readonly ratio?: number;
  /** … and all its calls together take this much longer, ms; default 1. */
  readonly leastMs?: number;
}

/** The aligned tree: index 0 is the root, parents come before children. -1: not there on that side. */
export interface AlignedCalls {
  readonly count: number;
  readonly parent: Int32Array;
  readonly firstChild: Int32Array;
  readonly nextSibling: Int32Array;
  /** Nodes of the merged calls of each side. */
  readonly before: Int32Array;
  readonly after: Int32Array;
  readonly compared: Uint32Array;
  readonly otherResults: Uint32Array;
  readonly otherArguments: Uint32Array;
  /** First pair of spans with another result. */
  readonly firstBefore: Int32Array;
  readonly firstAfter: Int32Array;
}

/** Children stand in the order of `after`'s weight; those that are gone follow. */
export function alignCalls(before: ComparedSide, after: ComparedSide): AlignedCalls {
  const room = before.merged.count + after.merged.count - 1;
  const parent = new Int32Array(room).fill(-1);
  const firstChild = new Int32Array(room).fill(-1);
  const nextSibling = new Int32Array(room).fill(-1);
  const beforeNode = new Int32Array(room).fill(-1);
  const afterNode = new Int32Array(room).fill(-1);
  const keys = commonKeys(before.functions, after.functions);
  beforeNode[0] = 0;
  afterNode[0] = 0;
  let count = 1;
  for (let node = 0; node < count; node++) {
    let last = -1;
    const add = (old: number, now: number): void => {
      const child = count++;
      parent[child] = node;
      beforeNode[child] = old;
      afterNode[child] = now;
      if (last < 0) firstChild[node] = child;
      else nextSibling[last] = child;
      last = child;
    };
    const olds = new ChildrenByKey(before.merged, beforeNode[node]!, keys.before);
    if (afterNode[node]! >= 0) {
      for (let now = after.merged.firstChild[afterNode[node]!]!; now >= 0; now = after.merged.nextSibling[now]!) {
        add(olds.take(keys.after[after.merged.functionIndex[now]!]!), now);
      }
    }
    for (const old of olds.left()) add(old, -1);
  }
  const compared = new Uint32Array(count);
  const otherResults = new Uint32Array(count);
  const otherArguments = new Uint32Array(count);
  const firstBefore = new Int32Array(count).fill(-1);
  const firstAfter = new Int32Array(count).fill(-1);
  const old = { of: before.digests ?? NO_DIGESTS, spans: spansByNode(before.merged) };
  const now = { of: after.digests ?? NO_DIGESTS, spans: spansByNode(after.merged) };
  for (let node = 1; node < count; node++) {
    if (beforeNode[node]! < 0 || afterNode[node]! < 0) continue;
    const oldFrom = old.spans.offsets[beforeNode[node]!]!;
    const nowFrom = now.spans.offsets[afterNode[node]!]!;
    const pairs = Math.min(old.spans.offsets[beforeNode[node]! + 1]! - oldFrom, now.spans.offsets[afterNode[node]! + 1]! - nowFrom);
    for (let pair = 0; pair < pairs; pair++) {
      const left = old.spans.spans[oldFrom + pair]!;
      const right = now.spans.spans[nowFrom + pair]!;
      const leftOutcome = old.of.outcome[left] ?? 0;
      const rightOutcome = now.of.outcome[right] ?? 0;
      if (leftOutcome === 0 || rightOutcome === 0) continue;
      compared[node]!++;
      if (old.of.args[left] !== now.of.args[right]) otherArguments[node]!++;
      else if (leftOutcome !== rightOutcome) {
        if (otherResults[node]!++ === 0) {
          firstBefore[node] = left;
          firstAfter[node] = right;
        }
      }
    }
  }
  return {
    count,
    parent: parent.slice(0, count),
    firstChild: firstChild.slice(0, count),
    nextSibling: nextSibling.slice(0, count),
    before: beforeNode.slice(0, count),
    after: afterNode.slice(0, count),
    compared,
    otherResults,
    otherArguments,
    firstBefore,
    firstAfter,
  };
}

/** Every function that either side called; those that changed first, in order of the time they gained or lost. */
export function compareFunctions(
  before: ComparedSide,
  after: ComparedSide,
  aligned: AlignedCalls = alignCalls(before, after),
  options: CompareOptions = {},
): ComparedFunction[] {
  const sides = [totalsByKey(before), totalsByKey(after)] as const;
  const pairs = new Map<
    string,
    { compared: number; otherResults: number; otherArguments: number; firstBefore: number; firstAfter: number }
  >();
  for (let node = 1; node < aligned.count; node++) {
    if (aligned.compared[node] === 0) continue;
    const { key } = after.functions[after.merged.functionIndex[aligned.after[node]!]!]!;
    let sum = pairs.get(key);
    if (sum === undefined) pairs.set(key, (sum = { compared: 0, otherResults: 0, otherArguments: 0, firstBefore: -1, firstAfter: -1 }));
    sum.compared += aligned.compared[node]!;
    sum.otherResults += aligned.otherResults[node]!;
    sum.otherArguments += aligned.otherArguments[node]!;
    if (sum.firstBefore < 0 && aligned.firstBefore[node]! >= 0) {
      sum.firstBefore = aligned.firstBefore[node]!;
      sum.firstAfter = aligned.firstAfter[node]!;
    }
  }
  const rows: ComparedFunction[] = [];
  for (const key of new Set([...sides[1].keys(), ...sides[0].keys()])) {
    const old = sides[0].get(key);
    const now = sides[1].get(key);
    const pair = pairs.get(key) ?? { compared: 0, otherResults: 0, otherArguments: 0, firstBefore: -1, firstAfter: -1 };
    rows.push({
      key,
      function: (now ?? old)!.function,
      ...(old === undefined ? {} : { before: old.totals }),
      ...(now === undefined ? {} : { after: now.totals }),
      changes: changesOf(old?.totals, now?.totals, pair, options),
      ...pair,
    });
  }
  return rows.sort(
    (a, b) =>
      Number(a.changes.length === 0) - Number(b.changes.length === 0) || Math.abs(gain(b)) - Math.abs(gain(a)) || (a.key < b.key ? -1 : 1),
  );
}

/** ms that all calls of a function took longer than before. */
export function gain({ before, after }: Pick<ComparedFunction, 'before' | 'after'>): number {
  return (after?.total ?? 0) - (before?.total ?? 0);
}

export function changesOf(
  before: SideTotals | undefined,
  after: SideTotals | undefined,
  pairs: { readonly otherResults: number; readonly otherArguments: number },
  options: CompareOptions = {},
): Change[] {
  if (before === undefined) return ['new'];
  if (after === undefined) return ['gone'];
  const { ratio = 1.5, leastMs = 1 } = options;
  const changes: Change[] = [];
  if (pairs.otherResults > 0) changes.push('results');
  if (after.errors !== before.errors) changes.push('errors');
  const each = after.total / after.calls / (before.total / before.calls);
  const difference = after.total - before.total;
  if (each >= ratio && difference >= leastMs) changes.push('slower');
  else if (each <= 1 / ratio && -difference >= leastMs) changes.push('faster');
  if (after.calls !== before.calls) changes.push('calls');
  if (pairs.otherArguments > 0) changes.push('arguments');
  return changes;
}

function totalsByKey({ functions, merged }: ComparedSide): Map<string, { function: FunctionInfo; totals: SideTotals }> {
  const sums = functionTotals(merged, functions.length);
  const byKey = new Map<string, { function: FunctionInfo; totals: SideTotals }>();
  functions.forEach((info, index) => {
    if (sums.calls[index] === 0) return;
    const totals = byKey.get(info.key)?.totals;
    byKey.set(info.key, {
      function: info,
      totals: {
        calls: sums.calls[index]! + (totals?.calls ?? 0),
        errors: sums.errors[index]! + (totals?.errors ?? 0),
        self: sums.self[index]! + (totals?.self ?? 0),
        total: sums.total[index]! + (totals?.total ?? 0),
      },
    });
  });
  return byKey;
}

/** A number for each key, the same on both sides. */
function commonKeys(before: readonly FunctionInfo[], after: readonly FunctionInfo[]): { before: Uint32Array; after: Uint32Array } {
  const numbers = new Map<string, number>();
  const numberOf = ({ key }: FunctionInfo): number => {
    let number = numbers.get(key);
    if (number === undefined) numbers.set(key, (number = numbers.size));
    return number;
  };
  return { before: Uint32Array.from(before, numberOf), after: Uint32Array.from(after, numberOf) };
}

/** Children of one node, each handed out once. Most nodes have few: a Map for each of a million would cost more than all the rest. */
class ChildrenByKey {
  private readonly nodes: number[] = [];
  private readonly keys: number[] = [];
  private readonly positions: Map<number, number> | undefined;

  constructor({ firstChild, nextSibling, functionIndex }: MergedCalls, node: number, keys: Uint32Array) {
    for (let child = node < 0 ? -1 : firstChild[node]!; child >= 0; child = nextSibling[child]!) {
      this.nodes.push(child);
      this.keys.push(keys[functionIndex[child]!]!);
    }
    if (this.keys.length <= 8) return;
    this.positions = new Map();
    // Two functions of one trace may share a key: the first is the one that is found.
    for (let at = this.keys.length - 1; at >= 0; at--) this.positions.set(this.keys[at]!, at);
  }

  /** -1: there is none (any more). */
  take(key: number): number {
    const at = this.positions === undefined ? this.keys.indexOf(key) : (this.positions.get(key) ?? -1);
    if (at < 0) return -1;
    const node = this.nodes[at]!;
    this.nodes[at] = -1;
    this.keys[at] = -1;
    this.positions?.delete(key);
    return node;
  }

  left(): readonly number[] {
    return this.nodes.filter((node) => node >= 0);
  }
}

/** The spans of node n, in order of start: `spans[offsets[n]]` to `spans[offsets[n + 1] - 1]`. */
function spansByNode({ count, calls, nodeOfSpan }: MergedCalls): { offsets: Uint32Array; spans: Uint32Array } {
  const offsets = new Uint32Array(count + 1);
  for (let node = 0; node < count; node++) offsets[node + 1] = offsets[node]! + calls[node]!;
  const next = offsets.slice();
  const spans = new Uint32Array(nodeOfSpan.length);
  for (let span = 0; span < spans.length; span++) spans[next[nodeOfSpan[span]!]!++] = span;
  return { offsets, spans };
}
