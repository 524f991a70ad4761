/** Draws the axis above the rows, and where events were lost. */
import type { TimeRange } from '../../state/state.ts';
import type { Canvas2D } from './canvas-2d.ts';
import type { ChartColors } from './chart-colors.ts';
import { tickLabel, ticksBetween } from './time-axis.ts';

const TICK_WIDTH = 110;

/** Labels and short marks, in device pixels. */
export function drawAxis(
  context: Canvas2D,
  range: TimeRange,
  width: number,
  height: number,
  ratio: number,
  colors: ChartColors,
  font: string,
): void {
  const { first, step, count } = ticksBetween(range.from, range.to, width / (TICK_WIDTH * ratio));
  const scale = width / (range.to - range.from);
  context.fillStyle = colors.page;
  context.fillRect(0, 0, width, height);
  context.font = font;
  context.textBaseline = 'middle';
  for (let i = 0; i < count; i++) {
    const time = first + i * step;
    const x = (time - range.from) * scale;
    context.fillStyle = colors.line;
    context.fillRect(Math.round(x), 0, Math.round(ratio), height);
    context.fillStyle = colors.dim;
    context.fillText(tickLabel(time, step, range.to), x + 4 * ratio, height / 2);
  }
}

/** Lines at the times (ms) where the recorder lost events: what stands around them is not all there was. */
export function drawGaps(context: Canvas2D, gaps: readonly number[], range: TimeRange, width: number, height: number, color: string): void {
  if (gaps.length === 0) return;
  const scale = width / (range.to - range.from);
  context.strokeStyle = color;
  context.lineWidth = 2;
  context.setLineDash([5, 4]);
  context.beginPath();
  for (const time of gaps) {
    if (time < range.from || time > range.to) continue;
    const x = (time - range.from) * scale;
    context.moveTo(x, 0);
    context.lineTo(x, height);
  }
  context.stroke();
  context.setLineDash([]);
}
