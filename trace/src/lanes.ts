/**
 * Where spans stand that run at the same time: rows for a chart, tracks for formats in which what overlaps must nest. Knows intervals and parents
 * only. Survives any input: times that go backwards, children outside of their parents, parents behind their children (they count as none).
 */
import { LanePool } from './lane-pool.ts';

type Times = Float64Array | readonly number[];
type Parents = Int32Array | readonly number[];

export interface Rows {
  /** Of each span, 0 is the top. No two spans of a row overlap, and each stands below its parent. */
  readonly row: Int32Array;
  readonly rows: number;
  /** Latest end of a span and of all below it. */
  readonly extentEnd: Float64Array;
}

export interface Tracks {
  /** Of each span. Any two spans of a track nest or do not overlap. */
  readonly track: Int32Array;
  readonly tracks: number;
}

/**
 * A span and all below it are a rectangle under the parent; of siblings whose rectangles overlap in time, the later one goes below.
 * `parent`: an earlier index, -1 for none. `end` NaN: still open, so it lasts to the end of all.
 */
export function layoutRows(start: Times, end: Times, parent: Parents): Rows {
  const { from, to } = soundTimes(start, end);
  const count = from.length;
  const parents = soundParents(parent, count);
  const extentStart = from.slice();
  const extentEnd = to.slice();
  for (let i = count - 1; i >= 0; i--) {
    const above = parents[i] as number;
    if (above < 0) continue;
    extentStart[above] = Math.min(extentStart[above] as number, extentStart[i] as number);
    extentEnd[above] = Math.max(extentEnd[above] as number, extentEnd[i] as number);
  }
  const { first, next } = childrenOf(parents);
  const row = new Int32Array(count);
  const height = new Int32Array(count + 1);
  // Children have higher indexes, so their heights are known when their parent is reached; the place for no parent (-1) comes last.
  for (let i = count - 1; i >= -1; i--)
    height[i + 1] = 1 + placeChildren(first[i + 1] as number, next, extentStart, extentEnd, height, row);
  for (let i = 0; i < count; i++) {
    const above = parents[i] as number;
    if (above >= 0) row[i] = (row[i] as number) + (row[above] as number) + 1;
  }
  return { row, rows: (height[0] as number) - 1, extentEnd };
}

/** Writes into `row` how far below the first row under their parent the children begin; returns how many rows they take. */
function placeChildren(
  firstChild: number,
  next: Int32Array,
  start: Float64Array,
  end: Float64Array,
  height: Int32Array,
  row: Int32Array,
): number {
  let highest = 0;
  let free = Number.NEGATIVE_INFINITY;
  let child = firstChild;
  for (; child >= 0 && (start[child] as number) >= free; child = next[child] as number) {
    free = end[child] as number;
    highest = Math.max(highest, height[child + 1] as number);
  }
  // Mostly nothing overlaps.
  if (child < 0) return highest;
  const children: number[] = [];
  for (child = firstChild; child >= 0; child = next[child] as number) children.push(child);
  sortByStart(children, start);
  const pool = new LanePool();
  const lanes = children.map((index) => pool.take(start[index] as number, end[index] as number));
  const offsets = new Int32Array(pool.count + 1);
  children.forEach((index, i) => {
    const below = (lanes[i] as number) + 1;
    offsets[below] = Math.max(offsets[below] as number, height[index + 1] as number);
  });
  for (let lane = 0; lane < pool.count; lane++) offsets[lane + 1] = (offsets[lane + 1] as number) + (offsets[lane] as number);
  children.forEach((index, i) => {
    row[index] = offsets[lanes[i] as number] as number;
  });
  return offsets[pool.count] as number;
}

/**
 * A span stays on its parent's track while it lies within the parent and beside its siblings there; else it takes the lowest track that is
 * free for as long as it lasts. Track 0 is that of the first span. `parent` and `end` as above.
 */
export function assignTracks(start: Times, end: Times, parent: Parents): Tracks {
  const { from, to } = soundTimes(start, end);
  const count = from.length;
  const parents = soundParents(parent, count);
  const free = new Float64Array(count + 1).fill(Number.NEGATIVE_INFINITY);
  const track = new Int32Array(count);
  const beginners: number[] = [];
  for (let i = 0; i < count; i++) {
    const above = parents[i] as number;
    const begin = from[i] as number;
    const inside = above >= 0 && begin >= (from[above] as number) && (to[i] as number) <= (to[above] as number);
    if (inside && begin >= (free[above] as number)) {
      free[above] = to[i] as number;
      track[i] = -1;
    } else {
      beginners.push(i);
    }
  }
  sortByStart(beginners, from);
  const pool = new LanePool();
  for (const i of beginners) track[i] = pool.take(from[i] as number, to[i] as number);
  for (let i = 0; i < count; i++) if (track[i] === -1) track[i] = track[parents[i] as number] as number;
  return { track, tracks: pool.count };
}

/** Every span ends, and not before it starts. */
function soundTimes(start: Times, end: Times): { readonly from: Float64Array; readonly to: Float64Array } {
  const count = start.length;
  const from = new Float64Array(count);
  const to = new Float64Array(count);
  let latest = 0;
  for (let i = 0; i < count; i++) {
    const begin = start[i] as number;
    from[i] = Number.isFinite(begin) ? begin : 0;
    const last = end[i] as number;
    latest = Math.max(latest, from[i] as number, Number.isFinite(last) ? last : 0);
  }
  for (let i = 0; i < count; i++) {
    const last = end[i] as number;
    to[i] = Math.max(from[i] as number, Number.isFinite(last) ? last : latest);
  }
  return { from, to };
}

function soundParents(parent: Parents, count: number): Int32Array {
  const parents = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    const above = parent[i] as number;
    parents[i] = above >= 0 && above < i ? above : -1;
  }
  return parents;
}

/** Lists of children in order of their index; at place 0 those without a parent, at i + 1 those of i. */
function childrenOf(parents: Int32Array): { readonly first: Int32Array; readonly next: Int32Array } {
  const first = new Int32Array(parents.length + 1).fill(-1);
  const next = new Int32Array(parents.length);
  for (let i = parents.length - 1; i >= 0; i--) {
    const place = (parents[i] as number) + 1;
    next[i] = first[place] as number;
    first[place] = i;
  }
  return { first, next };
}

/** Stable, and free of cost where they are in order, as writers leave them. */
function sortByStart(indexes: number[], start: Float64Array): void {
  for (let i = 1; i < indexes.length; i++) {
    if ((start[indexes[i - 1] as number] as number) <= (start[indexes[i] as number] as number)) continue;
    indexes.sort((a, b) => (start[a] as number) - (start[b] as number));
    return;
  }
}
