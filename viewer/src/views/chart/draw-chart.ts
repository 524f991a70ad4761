/** Draws the rows of the flame chart: the image of `row-painter.ts`, and on it what only wide rectangles have, text among it. */
import { formatDuration } from '@captureflow/trace';
import { SpanFlag } from '@captureflow/trace/view-file';
import type { Canvas2D } from './canvas-2d.ts';
import type { LabelCache } from './label-cache.ts';
import type { RowPainter, RowScene } from './row-painter.ts';
import { collectRects } from './visible-rects.ts';
import type { RectList } from './visible-rects.ts';

/** CSS pixels. Narrower rectangles have no text. */
const TEXT_FROM = 30;
/** From here on there is room for the duration, too. */
const DURATION_FROM = 130;
const DURATION_ROOM = 56;
const CORNER_FROM = 8;

/** One frame, in device pixels. `list` and `painter` are reused. `labels` measure in device pixels. */
export function drawChart(context: Canvas2D, scene: RowScene, labels: LabelCache, list: RectList, painter: RowPainter): void {
  collectRects(scene.places, scene, list);
  painter.resize(scene.width, scene.height);
  painter.paint(scene, list);
  context.putImageData(painter.image, 0, 0);
  context.font = labels.font;
  context.textBaseline = 'middle';
  const { ratio, places } = scene;
  for (let i = 0; i < list.count; i++) {
    const width = list.width[i] as number;
    if (width < CORNER_FROM * ratio) continue;
    const flags = places.flags[list.place[i] as number] as number;
    if ((flags & (SpanFlag.ORIGIN | SpanFlag.OPEN)) !== 0) drawEnds(context, scene, list, i, flags);
    if (width >= TEXT_FROM * ratio) writeLabel(context, scene, labels, list, i, flags);
  }
}

/** Where an error came from: a corner. An end that nobody saw: a ragged edge. */
function drawEnds(context: Canvas2D, scene: RowScene, list: RectList, i: number, flags: number): void {
  const { colors, rowHeight, scrollTop, ratio } = scene;
  const x = Math.max(0, list.x[i] as number);
  const y = (list.row[i] as number) * rowHeight - scrollTop;
  if ((flags & SpanFlag.ORIGIN) !== 0) {
    context.fillStyle = colors.error;
    context.beginPath();
    context.moveTo(x, y);
    context.lineTo(x + 9 * ratio, y);
    context.lineTo(x, y + 9 * ratio);
    context.fill();
  }
  if ((flags & SpanFlag.OPEN) !== 0) {
    const right = (list.x[i] as number) + (list.width[i] as number);
    context.fillStyle = colors.page;
    for (let step = 0; step < rowHeight; step += 4 * ratio) context.fillRect(right - 4 * ratio, y + step, 4 * ratio, 2 * ratio);
  }
}

function writeLabel(context: Canvas2D, scene: RowScene, labels: LabelCache, list: RectList, i: number, flags: number): void {
  const { places, colors, rowHeight, scrollTop, ratio } = scene;
  const left = Math.max(list.x[i] as number, 0);
  const width = Math.min((list.x[i] as number) + (list.width[i] as number), scene.width) - left;
  if (width < TEXT_FROM * ratio) return;
  const place = list.place[i] as number;
  const name = places.functionIndex[place] as number;
  const inset = ((flags & SpanFlag.ORIGIN) !== 0 ? 11 : 4) * ratio;
  const y = (list.row[i] as number) * rowHeight - scrollTop + (rowHeight - ratio) / 2;
  context.fillStyle = colors.text;
  context.fillText(labels.fit(context, name, width - inset - 3 * ratio), left + inset, y);
  if (width < DURATION_FROM * ratio) return;
  const used = inset + labels.widthOf(context, name) + 8 * ratio;
  if (width - used < DURATION_ROOM * ratio) return;
  context.fillStyle = colors.dim;
  context.fillText(formatDuration((places.to[place] as number) - (places.from[place] as number)), left + used, y);
}
