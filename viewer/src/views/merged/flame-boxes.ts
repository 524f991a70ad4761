/**
 * Where the boxes of a merged flame graph are: heaviest to the left, callers above what they call. Only boxes that can be seen are made, so
 * the work is bounded by the pixels, not by the calls. Pure, without recursion; must not know how a box is drawn.
 */
import type { FlameNodes } from '@captureflow/trace';

export interface FlameBoxes {
  readonly count: number;
  /** Node of each box; a negative one, `-1 - caller`, stands for calls of `caller` that are too narrow to be seen. */
  readonly node: readonly number[];
  /** px. */
  readonly x: readonly number[];
  readonly width: readonly number[];
  readonly row: readonly number[];
}

export interface FlameWindow {
  /** The node that fills the width; its callers do, too. 0: the root. */
  readonly focus: number;
  /** px. */
  readonly width: number;
  /** Rows in sight. */
  readonly firstRow: number;
  readonly endRow: number;
}

/** px: narrower ones are drawn together. */
const NARROWEST = 0.7;

export function flameBoxes(merged: FlameNodes, { focus, width, firstRow, endRow }: FlameWindow): FlameBoxes {
  const { parent, weight, firstChild, nextSibling, depth } = merged;
  const boxes = { node: [] as number[], x: [] as number[], width: [] as number[], row: [] as number[] };
  const add = (node: number, x: number, boxWidth: number, row: number): void => {
    if (row < firstRow || row >= endRow) return;
    boxes.node.push(node);
    boxes.x.push(x);
    boxes.width.push(boxWidth);
    boxes.row.push(row);
  };
  for (let node = parent[focus]!; node >= 0; node = parent[node]!) add(node, 0, width, depth[node]!);
  const scale = weight[focus]! > 0 ? width / weight[focus]! : 0;
  const stack = [focus];
  const places = [0];
  while (stack.length > 0) {
    const node = stack.pop()!;
    const x = places.pop()!;
    const row = depth[node]!;
    add(node, x, node === focus ? width : weight[node]! * scale, row);
    if (row + 1 >= endRow) continue;
    let at = x;
    for (let child = firstChild[node]!; child >= 0; child = nextSibling[child]!) {
      const childWidth = weight[child]! * scale;
      // Siblings are in order of weight: all that follow are as narrow.
      if (childWidth < NARROWEST) {
        const rest = restOf(merged, child) * scale;
        if (rest >= NARROWEST) add(-1 - node, at, rest, row + 1);
        break;
      }
      stack.push(child);
      places.push(at);
      at += childWidth;
    }
  }
  return { count: boxes.node.length, ...boxes };
}

/** The deepest row below a focus, to know how far it scrolls. */
export function rowCount({ depth, count }: FlameNodes): number {
  let deepest = 0;
  for (let node = 0; node < count; node++) if (depth[node]! > deepest) deepest = depth[node]!;
  return deepest + 1;
}

function restOf({ weight, nextSibling }: FlameNodes, first: number): number {
  let sum = 0;
  for (let child = first; child >= 0; child = nextSibling[child]!) sum += weight[child]!;
  return sum;
}
