/** What of a trace is to be drawn: rectangles of the visible rows and times, as many as there are pixels at most. No allocation a frame. */
import { firstAbove, gallopTo } from './place-columns.ts';
import type { PlaceColumns } from './place-columns.ts';

/** Reused from frame to frame; grows to the largest. */
export class RectList {
  count = 0;
  /** Left edge and width in pixels. */
  x: Float64Array;
  width: Float64Array;
  row: Int32Array;
  /** First place, and how many spans the rectangle stands for: more than one in a single pixel. */
  place: Uint32Array;
  length: Uint32Array;

  constructor(capacity: number = 4096) {
    this.x = new Float64Array(capacity);
    this.width = new Float64Array(capacity);
    this.row = new Int32Array(capacity);
    this.place = new Uint32Array(capacity);
    this.length = new Uint32Array(capacity);
  }

  add(x: number, width: number, row: number, place: number, length: number): void {
    if (this.count === this.x.length) this.grow();
    const at = this.count++;
    this.x[at] = x;
    this.width[at] = width;
    this.row[at] = row;
    this.place[at] = place;
    this.length[at] = length;
  }

  private grow(): void {
    const old = { x: this.x, width: this.width, row: this.row, place: this.place, length: this.length };
    const capacity = this.x.length * 2;
    this.x = new Float64Array(capacity);
    this.width = new Float64Array(capacity);
    this.row = new Int32Array(capacity);
    this.place = new Uint32Array(capacity);
    this.length = new Uint32Array(capacity);
    this.x.set(old.x);
    this.width.set(old.width);
    this.row.set(old.row);
    this.place.set(old.place);
    this.length.set(old.length);
  }
}

export interface Viewport {
  /** Times at the left and right edge, ms. */
  readonly from: number;
  readonly to: number;
  /** Pixels. */
  readonly width: number;
  readonly firstRow: number;
  /** One behind the last. */
  readonly endRow: number;
}

/** Fills `list` with what `view` shows of `places`. */
export function collectRects(places: PlaceColumns, view: Viewport, list: RectList): void {
  list.count = 0;
  const scale = view.width / (view.to - view.from);
  const last = Math.min(view.endRow, places.rows);
  for (let row = Math.max(0, view.firstRow); row < last; row++) collectRow(places, row, view, scale, list);
}

function collectRow(places: PlaceColumns, row: number, view: Viewport, scale: number, list: RectList): void {
  const { from, to, offsets } = places;
  const low = offsets[row] as number;
  const high = offsets[row + 1] as number;
  // In a row ends are in order, too.
  let place = firstAbove(to, view.from, low, high);
  // A span without duration at the very edge.
  while (place > low && (from[place - 1] as number) >= view.from) place--;
  while (place < high) {
    const begin = from[place] as number;
    if (begin > view.to) return;
    const left = (begin - view.from) * scale;
    const right = ((to[place] as number) - view.from) * scale;
    if (right - left >= 1) {
      const x = Math.max(left, -1);
      list.add(x, Math.min(right, view.width + 1) - x, row, place, 1);
      place++;
      continue;
    }
    const pixel = Math.max(0, Math.floor(left));
    const edge = view.from + (pixel + 1) / scale;
    // Where the pixel is finer than the clock's numbers, the edge can be where the span begins.
    let end = Math.max(place + 1, gallopTo(from, edge, place, high));
    if (end > place + 1 && ((to[end - 1] as number) - (from[end - 1] as number)) * scale >= 1) end--;
    list.add(pixel, 1, row, place, end - place);
    place = end;
  }
}
