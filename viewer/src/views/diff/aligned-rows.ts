/** The rows of two aligned call trees: open nodes depth-first, and which nodes changed or lead to a change. Pure, without recursion. */
import { changesOf, type AlignedCalls, type Change, type MergedCalls, type SideTotals } from '@captureflow/trace';
import { treeRows } from '../tree/tree-rows.ts';

/** Of merged calls what a comparison shows: half of what they hold. */
export type SideNodes = Pick<MergedCalls, 'functionIndex' | 'calls' | 'errors' | 'self' | 'total' | 'longest'>;

export interface AlignedSides {
  readonly aligned: AlignedCalls;
  readonly before: SideNodes;
  readonly after: SideNodes;
}

export interface AlignedRows {
  readonly count: number;
  readonly node: Int32Array;
  readonly depth: Uint32Array;
}

/** What changed at a node, of its calls along this path only. */
export function nodeChanges(sides: AlignedSides, node: number): readonly Change[] {
  const { aligned, before, after } = sides;
  return changesOf(sideTotals(before, aligned.before[node]!), sideTotals(after, aligned.after[node]!), {
    otherResults: aligned.otherResults[node]!,
    otherArguments: aligned.otherArguments[node]!,
  });
}

/** Undefined: the path is not there. */
export function sideTotals(merged: SideNodes, node: number): SideTotals | undefined {
  if (node < 0) return undefined;
  return { calls: merged.calls[node]!, errors: merged.errors[node]!, self: merged.self[node]!, total: merged.total[node]! };
}

/** 1: changed; 2: something below is; 3: both. Below a node that is new or gone everything is, and says nothing more: only its top counts. */
export function changedNodes(sides: AlignedSides): Uint8Array {
  const { aligned } = sides;
  const marks = new Uint8Array(aligned.count);
  for (let node = aligned.count - 1; node > 0; node--) {
    if (nodeChanges(sides, node).length > 0) marks[node]! |= 1;
    if (marks[node] !== 0) marks[aligned.parent[node]!]! |= 2;
  }
  return marks;
}

/** `marks`, where given: nodes without one are left out. */
export function alignedRows({ parent, firstChild, nextSibling }: AlignedCalls, isOpen: Uint8Array, marks?: Uint8Array): AlignedRows {
  const shown = (node: number): number => {
    let at = node;
    while (at >= 0 && marks?.[at] === 0) at = nextSibling[at]!;
    return at;
  };
  const links = { first: (node: number) => shown(firstChild[Math.max(node, 0)]!), next: (node: number) => shown(nextSibling[node]!) };
  const { count, span, depth } = treeRows(links, parent, isOpen);
  return { count, node: span, depth };
}

/** Opens what leads to changes, top down, up to about `limit` rows. */
export function openChanged({ aligned }: AlignedSides, marks: Uint8Array, limit: number): Uint8Array {
  const isOpen = new Uint8Array(aligned.count);
  let rows = 0;
  let level = [0];
  while (level.length > 0 && rows < limit) {
    const below: number[] = [];
    for (const node of level) {
      // A node that is on one side only needs no look at what it called.
      if (node > 0 && ((marks[node]! & 2) === 0 || aligned.before[node]! < 0 || aligned.after[node]! < 0)) continue;
      isOpen[node] = 1;
      for (let child = aligned.firstChild[node]!; child >= 0; child = aligned.nextSibling[child]!) {
        below.push(child);
        rows++;
      }
    }
    level = below;
  }
  return isOpen;
}
