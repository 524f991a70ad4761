/**
 * Paints the rows of the chart into an image, pixel by pixel: of 30,000 rectangles most are one pixel wide, and a canvas takes ten times as long for
 * them as for the image. A row is a few different lines of pixels, each repeated. Errors, matches and waiting are shapes in it, and not only colours.
 */
import { SpanFlag } from '@captureflow/trace/view-file';
import type { SuspensionColumns } from '@captureflow/trace/view-file';
import { firstSuspension } from '../../details/first-suspension.ts';
import type { ChartColors } from './chart-colors.ts';
import type { PlaceColumns } from './place-columns.ts';
import type { RectList, Viewport } from './visible-rects.ts';

export type SuspensionTimes = Pick<SuspensionColumns, 'count' | 'span' | 'from' | 'to'>;

export interface RowScene extends Viewport {
  readonly places: PlaceColumns;
  readonly suspensions: SuspensionTimes;
  readonly colors: ChartColors;
  /** Device pixels, like `width`. */
  readonly height: number;
  readonly rowHeight: number;
  readonly scrollTop: number;
  /** Device pixels in one of CSS. */
  readonly ratio: number;
  /** Matches at all places before this one; undefined: nothing is searched. */
  readonly matchesBefore: Uint32Array | undefined;
}

/** Narrower rectangles (CSS pixels) show no waiting and have no gap behind them. */
const DETAIL_FROM = 3;
const FILL_FROM = 24;

export class RowPainter {
  image: ImageData = new ImageData(1, 1);
  private pixels = new Uint32Array(1);
  /** The middle of a row, pale where spans wait; its edges, which are not; its top with matches; its foot with errors. */
  private middle = new Uint32Array(1);
  private edge = new Uint32Array(1);
  private top = new Uint32Array(1);
  private foot = new Uint32Array(1);
  private hasEdge = false;
  private hasTop = false;
  private hasFoot = false;

  resize(width: number, height: number): void {
    if (this.image.width === width && this.image.height === height) return;
    this.image = new ImageData(width, height);
    this.pixels = new Uint32Array(this.image.data.buffer);
    this.middle = new Uint32Array(width);
    this.edge = new Uint32Array(width);
    this.top = new Uint32Array(width);
    this.foot = new Uint32Array(width);
  }

  /** `list` has what is visible, in order of the rows. */
  paint(scene: RowScene, list: RectList): void {
    const { page } = scene.colors.pixels;
    let painted = 0;
    for (let i = 0; i < list.count; ) {
      const row = list.row[i] as number;
      i = this.paintLines(scene, list, i, row);
      const y = row * scene.rowHeight - scene.scrollTop;
      // Rows between two that have something are empty.
      this.clear(painted, y, page);
      this.copyRow(scene, y);
      painted = y + scene.rowHeight;
    }
    this.clear(painted, this.image.height, page);
  }

  private clear(fromY: number, toY: number, page: number): void {
    const width = this.image.width;
    if (toY > fromY) this.pixels.fill(page, Math.max(0, fromY) * width, Math.min(toY, this.image.height) * width);
  }

  /** Returns the first rectangle of the next row. */
  private paintLines(scene: RowScene, list: RectList, first: number, row: number): number {
    const { places, colors, ratio } = scene;
    const { fills, page } = colors.pixels;
    const { threwBefore } = places;
    const { middle } = this;
    const detail = DETAIL_FROM * ratio;
    const gap = Math.max(1, Math.round(ratio));
    middle.fill(page);
    let end = first;
    let marks = false;
    for (; end < list.count && list.row[end] === row; end++) {
      const width = list.width[end] as number;
      const place = list.place[end] as number;
      const color = fills[places.color[place] as number] as number;
      marks ||= threwBefore[place] !== threwBefore[place + (list.length[end] as number)];
      if (width === 1) {
        // A whole pixel, for one span or for many: most rectangles are.
        middle[(list.x[end] as number) | 0] = color;
        continue;
      }
      const x = Math.round(list.x[end] as number);
      const right = Math.round((list.x[end] as number) + width) - (width > detail ? gap : 0);
      // A call of `fill` costs more than a few stores.
      if (width > FILL_FROM) middle.fill(color, x < 0 ? 0 : x, right);
      else for (let at = x < 0 ? 0 : x; at < right; at++) middle[at] = color;
    }
    this.hasEdge = false;
    this.hasTop = false;
    this.hasFoot = false;
    for (let i = first; i < end; i++) if ((list.width[i] as number) > detail) this.paintWaiting(scene, list, i);
    if (marks || scene.matchesBefore !== undefined) for (let i = first; i < end; i++) this.paintMarks(scene, list, i);
    return end;
  }

  /** A span that waits is hollow: its function was not running. Text on it stands in the pale middle. */
  private paintWaiting(scene: RowScene, list: RectList, i: number): void {
    const { places, suspensions, colors, from, to, width } = scene;
    const place = list.place[i] as number;
    if (((places.flags[place] as number) & SpanFlag.SUSPENDED) === 0) return;
    const span = places.span[place] as number;
    const scale = width / (to - from);
    const color = colors.pixels.waiting[places.color[place] as number] as number;
    const last = Math.round((list.x[i] as number) + (list.width[i] as number)) - Math.max(1, Math.round(scene.ratio));
    for (let k = firstVisible(scene, span); k < suspensions.count && suspensions.span[k] === span; k++) {
      const begin = suspensions.from[k] as number;
      if (begin > to) return;
      const resumed = suspensions.to[k] as number;
      const left = Math.max(0, Math.round((begin - from) * scale));
      const right = Number.isNaN(resumed) ? last : Math.min(last, Math.round((resumed - from) * scale));
      if (right <= left) continue;
      if (!this.hasEdge) this.edge.set(this.middle);
      this.hasEdge = true;
      this.middle.fill(color, left, right);
    }
  }

  private paintMarks({ places, colors, matchesBefore, ratio }: RowScene, list: RectList, i: number): void {
    const place = list.place[i] as number;
    const end = place + (list.length[i] as number);
    const threw = places.threwBefore[end] !== places.threwBefore[place];
    const matches = matchesBefore !== undefined && matchesBefore[end] !== matchesBefore[place];
    if (!threw && !matches) return;
    const x = Math.max(0, Math.round(list.x[i] as number));
    // Two pixels are the least that can be seen.
    const right = Math.max(x + 2 * ratio, Math.round((list.x[i] as number) + (list.width[i] as number)) - Math.round(ratio));
    const base = this.hasEdge ? this.edge : this.middle;
    if (threw) {
      if (!this.hasFoot) this.foot.set(base);
      this.hasFoot = true;
      this.foot.fill(colors.pixels.error, x, right);
    }
    if (matches) {
      if (!this.hasTop) this.top.set(base);
      this.hasTop = true;
      this.top.fill(colors.pixels.match, x, right);
    }
  }

  private copyRow({ rowHeight, ratio, colors }: RowScene, y: number): void {
    const edge = this.hasEdge ? this.edge : this.middle;
    const unit = Math.max(1, Math.round(ratio));
    const bottom = rowHeight - unit;
    for (let line = 0; line < rowHeight; line++) {
      const at = y + line;
      if (at < 0) continue;
      if (at >= this.image.height) return;
      const from = at * this.image.width;
      if (line >= bottom) this.pixels.fill(colors.pixels.page, from, from + this.image.width);
      else if (this.hasTop && line < 3 * unit) this.pixels.set(this.top, from);
      else if (this.hasFoot && line >= bottom - 3 * unit) this.pixels.set(this.foot, from);
      else this.pixels.set(line < 2 * unit || line >= bottom - 2 * unit ? edge : this.middle, from);
    }
  }
}

/** The first suspension of a span that may be visible. They are in order of time, so a loop that waited a million times is no list to walk. */
function firstVisible({ suspensions, from }: RowScene, span: number): number {
  const first = firstSuspension(suspensions, span);
  let low = first;
  let high = firstSuspension(suspensions, span + 1);
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((suspensions.from[middle] as number) < from) low = middle + 1;
    else high = middle;
  }
  return Math.max(first, low - 1);
}
