/** The rows of the table of functions: what each took, and who called it. Pure. */
import type { CallGraph, FunctionInfo, FunctionTotals } from '@captureflow/trace';

export type SortKey = 'name' | 'calls' | 'errors' | 'self' | 'total' | 'average' | 'waiting';

export interface SortOrder {
  readonly key: SortKey;
  readonly descending: boolean;
}

/** Functions that were called and whose name or file has every word of `text`, in order. */
export function functionRows(
  functions: readonly FunctionInfo[],
  totals: FunctionTotals,
  text: string,
  { key, descending }: SortOrder,
): Int32Array {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const found: number[] = [];
  functions.forEach(({ name, module }, index) => {
    if (totals.calls[index] === 0) return;
    const where = `${name} ${module}`.toLowerCase();
    if (words.every((word) => where.includes(word))) found.push(index);
  });
  const sign = descending ? -1 : 1;
  const compare = (a: number, b: number): number => {
    if (key !== 'name') return (valueOf(totals, key, a) - valueOf(totals, key, b)) * sign || a - b;
    const [left, right] = [functions[a]!.name, functions[b]!.name];
    return (left < right ? -1 : left > right ? 1 : a - b) * sign;
  };
  return Int32Array.from(found.sort(compare));
}

export function valueOf(totals: FunctionTotals, key: Exclude<SortKey, 'name'>, index: number): number {
  return key === 'average' ? totals.total[index]! / Math.max(totals.calls[index]!, 1) : totals[key][index]!;
}

export interface Neighbour {
  /** -1: the root. */
  readonly functionIndex: number;
  readonly calls: number;
  readonly errors: number;
  readonly total: number;
}

/** Who calls a function, and whom it calls: those that took most first. */
export function neighboursOf(
  graph: CallGraph,
  functionIndex: number,
): { readonly callers: readonly Neighbour[]; readonly callees: readonly Neighbour[] } {
  const callers: Neighbour[] = [];
  const callees: Neighbour[] = [];
  for (let edge = 0; edge < graph.count; edge++) {
    const about = { calls: graph.calls[edge]!, errors: graph.errors[edge]!, total: graph.total[edge]! };
    if (graph.callee[edge] === functionIndex) callers.push({ functionIndex: graph.caller[edge]!, ...about });
    if (graph.caller[edge] === functionIndex) callees.push({ functionIndex: graph.callee[edge]!, ...about });
  }
  const heaviestFirst = (a: Neighbour, b: Neighbour): number => b.total - a.total || b.calls - a.calls;
  return { callers: callers.sort(heaviestFirst), callees: callees.sort(heaviestFirst) };
}
