/** Draws the rows of the flame chart. Errors, matches and the selection are shapes and not only colours; text only where it can be read. */
import { formatDuration } from '@captureflow/trace';
import { SpanFlag } from '@captureflow/trace/view-file';
import { firstSuspension } from '../../details/self-time.ts';
import type { LoadedTrace } from '../../state/loaded-trace.ts';
import type { ChartColors } from './chart-colors.ts';
import type { ChartRows } from './chart-rows.ts';
import type { LabelCache } from './label-cache.ts';
import { collectRects } from './visible-rects.ts';
import type { RectList, Viewport } from './visible-rects.ts';

/** Narrower rectangles have no text. */
const TEXT_FROM = 30;
/** From here on there is room for the duration, too. */
const DURATION_FROM = 130;
/** Narrower ones show no waiting. */
const WAITING_FROM = 4;

export interface Scene extends Viewport {
  readonly trace: LoadedTrace;
  readonly rows: ChartRows;
  readonly colors: ChartColors;
  readonly labels: LabelCache;
  /** CSS pixels. */
  readonly height: number;
  readonly rowHeight: number;
  readonly scrollTop: number;
  readonly selected: number;
  readonly hovered: number;
  /** Matches at all places before this one; undefined: nothing is searched. */
  readonly matchesBefore: Uint32Array | undefined;
}

/** One frame. `list` and `order` are reused. */
export function drawChart(context: CanvasRenderingContext2D, scene: Scene, list: RectList): void {
  const { colors, rowHeight, scrollTop } = scene;
  context.fillStyle = colors.page;
  context.fillRect(0, 0, scene.width, scene.height);
  collectRects(scene.rows, scene, list);
  fillRects(context, scene, list);
  for (let i = 0; i < list.count; i++) {
    const y = (list.row[i] as number) * rowHeight - scrollTop;
    decorate(context, scene, list, i, y);
  }
  writeLabels(context, scene, list);
  outline(context, scene, scene.hovered, 1, colors.text);
  outline(context, scene, scene.selected, 2, colors.accent);
}

/** By colour: setting one costs more than filling with it. */
function fillRects(context: CanvasRenderingContext2D, { rows, colors, rowHeight, scrollTop }: Scene, list: RectList): void {
  const { x, width, row, place, count } = list;
  const order = sortByColor(rows.color, list, colors.fills.length);
  let last = -1;
  for (let k = 0; k < count; k++) {
    const i = order[k] as number;
    const color = rows.color[place[i] as number] as number;
    if (color !== last) {
      context.fillStyle = colors.fills[color] as string;
      last = color;
    }
    const wide = width[i] as number;
    context.fillRect(x[i] as number, (row[i] as number) * rowHeight - scrollTop, wide > 3 ? wide - 1 : wide, rowHeight - 1);
  }
}

let orderBuffer = new Uint32Array(4096);
const starts = new Uint32Array(257);

function sortByColor(color: Uint8Array, { place, count }: RectList, colors: number): Uint32Array {
  if (orderBuffer.length < count) orderBuffer = new Uint32Array(count * 2);
  starts.fill(0);
  for (let i = 0; i < count; i++) (starts[(color[place[i] as number] as number) + 1] as number)++;
  for (let c = 0; c < colors; c++) (starts[c + 1] as number) += starts[c] as number;
  for (let i = 0; i < count; i++) orderBuffer[(starts[color[place[i] as number] as number] as number)++] = i;
  return orderBuffer;
}

/** What is more than a filled rectangle: waiting, errors, an end that nobody saw, matches. */
function decorate(context: CanvasRenderingContext2D, scene: Scene, list: RectList, i: number, y: number): void {
  const { rows, colors, rowHeight, matchesBefore } = scene;
  const place = list.place[i] as number;
  const end = place + (list.length[i] as number);
  const x = list.x[i] as number;
  const width = list.width[i] as number;
  const threw = rows.threwBefore[end] !== rows.threwBefore[place];
  const single = end === place + 1;
  const span = rows.span[place] as number;
  const flags = single ? (scene.trace.columns.flags[span] as number) : 0;
  if ((flags & SpanFlag.SUSPENDED) !== 0 && width >= WAITING_FROM) drawWaiting(context, scene, span, y);
  if ((flags & SpanFlag.OPEN) !== 0 && width >= WAITING_FROM) drawOpenEnd(context, colors, x + width, y, rowHeight);
  if (threw) {
    context.fillStyle = colors.error;
    context.fillRect(x, y + rowHeight - 4, Math.max(2, width > 3 ? width - 1 : width), 3);
    if ((flags & SpanFlag.ORIGIN) !== 0 && width >= 8) drawCorner(context, Math.max(x, 0), y);
  }
  if (matchesBefore !== undefined && matchesBefore[end] !== matchesBefore[place]) {
    context.fillStyle = colors.match;
    context.fillRect(x, y, Math.max(2, width > 3 ? width - 1 : width), 3);
  }
}

/** Where an error came from. */
function drawCorner(context: CanvasRenderingContext2D, x: number, y: number): void {
  context.beginPath();
  context.moveTo(x, y);
  context.lineTo(x + 8, y);
  context.lineTo(x, y + 8);
  context.fill();
}

/** A ragged edge. */
function drawOpenEnd(context: CanvasRenderingContext2D, { page }: ChartColors, x: number, y: number, rowHeight: number): void {
  context.fillStyle = page;
  for (let step = 0; step < rowHeight - 1; step += 4) context.fillRect(x - 3, y + step, 3, 2);
}

/** A span that waits is thin: its function was not running. */
function drawWaiting(context: CanvasRenderingContext2D, scene: Scene, span: number, y: number): void {
  const { trace, colors, rowHeight } = scene;
  const { suspensions } = trace;
  const scale = scene.width / (scene.to - scene.from);
  const end = trace.endOf(span);
  context.fillStyle = colors.waiting;
  let drawn = Number.NEGATIVE_INFINITY;
  for (let i = firstSuspension(trace, span); i < suspensions.count && suspensions.span[i] === span; i++) {
    const to = suspensions.to[i] as number;
    const left = Math.max((Math.max(suspensions.from[i] as number, scene.from) - scene.from) * scale, drawn);
    const right = Math.min(((Number.isNaN(to) ? end : to) - scene.from) * scale, scene.width);
    // A loop that awaits a million times is one stripe.
    if (right - left < 1) continue;
    context.fillRect(left, y, right - left, 5);
    context.fillRect(left, y + rowHeight - 6, right - left, 5);
    drawn = right;
  }
}

function writeLabels(context: CanvasRenderingContext2D, scene: Scene, list: RectList): void {
  const { rows, colors, labels, rowHeight, scrollTop, trace } = scene;
  const { functionIndex, flags } = trace.columns;
  context.font = labels.font;
  context.textBaseline = 'middle';
  for (const durations of [false, true]) {
    context.fillStyle = durations ? colors.dim : colors.text;
    for (let i = 0; i < list.count; i++) {
      const left = Math.max(list.x[i] as number, 0);
      const width = Math.min((list.x[i] as number) + (list.width[i] as number), scene.width) - left;
      if (width < (durations ? DURATION_FROM : TEXT_FROM)) continue;
      const place = list.place[i] as number;
      const span = rows.span[place] as number;
      const inset = ((flags[span] as number) & SpanFlag.ORIGIN) !== 0 ? 10 : 4;
      const y = (list.row[i] as number) * rowHeight - scrollTop + rowHeight / 2;
      const name = functionIndex[span] as number;
      if (!durations) {
        context.fillText(labels.fit(context, name, width - inset - 3), left + inset, y);
        continue;
      }
      const used = inset + labels.widthOf(context, name) + 8;
      if (width - used < 56) continue;
      context.fillText(formatDuration((rows.to[place] as number) - (rows.from[place] as number)), left + used, y);
    }
  }
}

function outline(context: CanvasRenderingContext2D, scene: Scene, span: number, thickness: number, color: string): void {
  const row = span < 0 ? -1 : (scene.rows.row[span] ?? -1);
  if (row < scene.firstRow || row >= scene.endRow) return;
  const scale = scene.width / (scene.to - scene.from);
  const left = ((scene.trace.columns.start[span] as number) - scene.from) * scale;
  const right = (scene.trace.endOf(span) - scene.from) * scale;
  if (right < -4 || left > scene.width + 4) return;
  const x = Math.max(left, -4);
  const width = Math.max(Math.min(right, scene.width + 4) - x, 3);
  context.strokeStyle = color;
  context.lineWidth = thickness;
  const inset = thickness / 2;
  context.strokeRect(x + inset, row * scene.rowHeight - scene.scrollTop + inset, width - thickness, scene.rowHeight - 1 - thickness);
}
