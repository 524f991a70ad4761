/**
 * The rows that a call tree shows: open spans with their children, in order of start. Depth-first without recursion, over typed arrays: a
 * million rows and 100,000 levels work. Pure; must not know how a row looks.
 */

/** Of `ChildIndex`: first child (of -1: of the root) and next sibling of a span, -1: none. */
export interface ChildLinks {
  first(span: number): number;
  next(span: number): number;
}

/** 1 and up: what `aria-posinset` and `aria-setsize` say of a span. */
export interface SiblingPlaces {
  readonly position: Uint32Array;
  readonly childCount: Uint32Array;
  readonly rootCount: number;
}

/** Span of each row, and its depth (0: under the root). */
export interface TreeRows {
  readonly count: number;
  readonly span: Int32Array;
  readonly depth: Uint32Array;
}

export function siblingPlaces(parent: Int32Array): SiblingPlaces {
  const position = new Uint32Array(parent.length);
  const childCount = new Uint32Array(parent.length);
  let rootCount = 0;
  for (let span = 0; span < parent.length; span++) {
    const above = parent[span]!;
    position[span] = above < 0 ? ++rootCount : ++childCount[above]!;
  }
  return { position, childCount, rootCount };
}

/** `isOpen[span]` 1: its children are shown. */
export function treeRows(links: ChildLinks, parent: Int32Array, isOpen: Uint8Array): TreeRows {
  let span = new Int32Array(1024);
  let depth = new Uint32Array(1024);
  let count = 0;
  let level = 0;
  let at = links.first(-1);
  while (at >= 0) {
    if (count === span.length) {
      span = grownTo(new Int32Array(count * 2), span);
      depth = grownTo(new Uint32Array(count * 2), depth);
    }
    span[count] = at;
    depth[count++] = level;
    const below = isOpen[at] === 1 ? links.first(at) : -1;
    if (below >= 0) {
      at = below;
      level++;
      continue;
    }
    while (at >= 0 && links.next(at) < 0) {
      at = parent[at]!;
      level--;
    }
    if (at >= 0) at = links.next(at);
  }
  return { count, span, depth };
}

/** Opens every span above `span`, so that it has a row. Returns whether something changed. */
export function reveal(parent: Int32Array, isOpen: Uint8Array, span: number): boolean {
  let changed = false;
  for (let at = parent[span] ?? -1; at >= 0; at = parent[at]!) {
    if (isOpen[at] === 1) continue;
    isOpen[at] = 1;
    changed = true;
  }
  return changed;
}

/** Opens spans from the top, level by level, until about `limit` rows show; what a tree shows when it comes up. */
export function openFirst(links: ChildLinks, isOpen: Uint8Array, childCount: Uint32Array, limit: number): void {
  let level: number[] = [];
  for (let at = links.first(-1); at >= 0 && level.length < limit; at = links.next(at)) level.push(at);
  let shown = level.length;
  while (level.length > 0) {
    const below: number[] = [];
    for (const span of level) {
      if (childCount[span] === 0) continue;
      if (shown + childCount[span]! > limit) return;
      isOpen[span] = 1;
      shown += childCount[span]!;
      for (let at = links.first(span); at >= 0; at = links.next(at)) below.push(at);
    }
    level = below;
  }
}

/** Row of a span, -1 when it has none. */
export function rowOf({ count, span }: TreeRows, wanted: number): number {
  return span.subarray(0, count).indexOf(wanted);
}

function grownTo<T extends Int32Array | Uint32Array>(larger: T, array: T): T {
  larger.set(array);
  return larger;
}
