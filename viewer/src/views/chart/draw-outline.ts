/** Outlines the selected span. Painted with the rows: an element above them would run ahead of the worker that paints them. */
import type { Canvas2D } from './canvas-2d.ts';
import type { RowScene } from './row-painter.ts';

export interface OutlinedSpan {
  /** -1: there is none. */
  readonly row: number;
  /** ms. */
  readonly from: number;
  readonly to: number;
}

/** CSS pixels. */
const LINE = 2;
const NARROWEST = 4;

export function drawOutline(context: Canvas2D, { row, from, to }: OutlinedSpan, scene: RowScene): void {
  if (row < 0) return;
  const { ratio, width, rowHeight } = scene;
  const scale = width / (scene.to - scene.from);
  const line = Math.round(LINE * ratio);
  // Whole pixels, or the lines would be pale; what lies far outside is cut, since a canvas does not take any number.
  const left = Math.round(Math.max((from - scene.from) * scale, -2 * line));
  const right = Math.round(Math.min((to - scene.from) * scale, width + 2 * line));
  if (right < -line || left > width + line) return;
  const least = Math.round(NARROWEST * ratio);
  const x = right - left < least ? Math.min(left, width - least) : left;
  context.strokeStyle = scene.colors.accent;
  context.lineWidth = line;
  const y = row * rowHeight - scene.scrollTop;
  context.strokeRect(x + line / 2, y + line / 2, Math.max(right - left, least) - line, rowHeight - line);
}
