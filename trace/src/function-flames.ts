/**
 * Everything above and everything below one function, merged by path: what the two flame graphs of a sandwich view are made of. No recursion, bounded in
 * depth, since a path is walked for each place where the function was called.
 */
import { linkByWeight, nestedNodes } from './merge-calls.ts';
import type { MergedCalls } from './merge-calls.ts';
import { PathTable } from './path-table.ts';

/** What a flame graph needs of merged calls. Index 0 is what all of it starts from. */
export type FlameNodes = Pick<
  MergedCalls,
  'count' | 'parent' | 'functionIndex' | 'depth' | 'calls' | 'errors' | 'weight' | 'firstChild' | 'nextSibling'
>;

/** Callers further up, and calls further down, are left out. */
const DEEPEST = 200;

/**
 * Node 0 is the function. In `callers` a node's children called it, and what it weighs is the time below it that was spent under the function; -1 as function
 * is the root. A call inside a call of the same function belongs to the outer one, and is among its callees.
 */
export function functionFlames(
  merged: MergedCalls,
  functionIndex: number,
  functionCount: number,
): { readonly callers: FlameNodes; readonly callees: FlameNodes } {
  const nested = nestedNodes(merged, functionCount);
  const places: number[] = [];
  for (let node = 1; node < merged.count; node++) {
    if (merged.functionIndex[node] === functionIndex && nested[node] === 0) places.push(node);
  }
  return { callers: callersOf(merged, places, functionIndex), callees: calleesOf(merged, places, functionIndex) };
}

function callersOf(merged: MergedCalls, places: readonly number[], functionIndex: number): FlameNodes {
  const draft = new FlameDraft(functionIndex);
  for (const place of places) {
    const { calls, errors, weight } = numbersOf(merged, place);
    draft.add(0, calls, errors, weight);
    let at = 0;
    let above = merged.parent[place] as number;
    for (let depth = 0; above >= 0 && depth < DEEPEST; depth++) {
      at = draft.paths.childOf(at, merged.functionIndex[above] as number);
      draft.add(at, calls, errors, weight);
      above = merged.parent[above] as number;
    }
  }
  return draft.done();
}

function calleesOf(merged: MergedCalls, places: readonly number[], functionIndex: number): FlameNodes {
  const draft = new FlameDraft(functionIndex);
  for (const place of places) {
    const { calls, errors, weight } = numbersOf(merged, place);
    draft.add(0, calls, errors, weight);
    const open = [place];
    const into = [0];
    const base = merged.depth[place] as number;
    while (open.length > 0) {
      const node = open.pop() as number;
      const target = into.pop() as number;
      for (let child = merged.firstChild[node] as number; child >= 0; child = merged.nextSibling[child] as number) {
        if ((merged.depth[child] as number) - base > DEEPEST) break;
        const to = draft.paths.childOf(target, merged.functionIndex[child] as number);
        const own = numbersOf(merged, child);
        draft.add(to, own.calls, own.errors, own.weight);
        open.push(child);
        into.push(to);
      }
    }
  }
  return draft.done();
}

function numbersOf(merged: MergedCalls, node: number): { calls: number; errors: number; weight: number } {
  return { calls: merged.calls[node] as number, errors: merged.errors[node] as number, weight: merged.weight[node] as number };
}

class FlameDraft {
  readonly paths = new PathTable(1024);
  private readonly calls: number[] = [0];
  private readonly errors: number[] = [0];
  private readonly weight: number[] = [0];
  private readonly start: number;

  constructor(start: number) {
    this.start = start;
  }

  add(node: number, calls: number, errors: number, weight: number): void {
    this.calls[node] = (this.calls[node] ?? 0) + calls;
    this.errors[node] = (this.errors[node] ?? 0) + errors;
    this.weight[node] = (this.weight[node] ?? 0) + weight;
  }

  done(): FlameNodes {
    const { count } = this.paths;
    const parent = this.paths.parent.slice(0, count);
    const functionIndex = this.paths.functionIndex.slice(0, count);
    functionIndex[0] = this.start;
    const weight = Float64Array.from(this.weight);
    const depth = new Uint32Array(count);
    // A node is made behind its parent.
    for (let node = 1; node < count; node++) depth[node] = (depth[parent[node] as number] as number) + 1;
    return {
      count,
      parent,
      functionIndex,
      depth,
      calls: Uint32Array.from(this.calls),
      errors: Uint32Array.from(this.errors),
      weight,
      ...linkByWeight(parent, weight),
    };
  }
}
