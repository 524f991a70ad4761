/** The whole trace in a strip: how deep the calls go over time, and where errors are. */
import { SpanFlag } from '@captureflow/trace/view-file';
import type { TimeRange } from '../../state/state.ts';
import type { Canvas2D } from './canvas-2d.ts';
import type { ChartColors } from './chart-colors.ts';
import type { PlaceColumns } from './place-columns.ts';
import { collectRects, RectList } from './visible-rects.ts';

export interface MinimapShape {
  readonly width: number;
  /** Rows in use, by pixel. */
  readonly depth: Uint32Array;
  readonly deepest: number;
  readonly threw: Uint8Array;
}

/** Once a trace and width: goes through all rows. */
export function minimapShape(places: PlaceColumns, extent: TimeRange, width: number): MinimapShape {
  const depth = new Uint32Array(width);
  const threw = new Uint8Array(width);
  const list = new RectList();
  const { from, to } = extent;
  for (let row = 0; row < places.rows; row++) {
    collectRects(places, { from, to, width, firstRow: row, endRow: row + 1 }, list);
    for (let i = 0; i < list.count; i++) {
      const first = Math.max(0, Math.floor(list.x[i] as number));
      const end = Math.min(width, Math.ceil((list.x[i] as number) + (list.width[i] as number)));
      // Rows come from the top, so the last to say something is the deepest.
      depth.fill(row + 1, first, end);
    }
  }
  markErrors(places, extent, threw);
  return { width, depth, deepest: places.rows, threw };
}

/** Where errors came from; what only passed them on would mark the whole strip. */
function markErrors({ flags, to }: PlaceColumns, extent: TimeRange, threw: Uint8Array): void {
  const width = threw.length;
  const scale = width / (extent.to - extent.from);
  for (let place = 0; place < flags.length; place++) {
    if (((flags[place] as number) & SpanFlag.ORIGIN) === 0) continue;
    threw[Math.min(width - 1, Math.max(0, Math.floor(((to[place] as number) - extent.from) * scale)))] = 1;
  }
}

/** Without the part that the chart shows: that moves with every frame, and lies above. */
export function drawMinimap(context: Canvas2D, shape: MinimapShape, height: number, colors: ChartColors): void {
  const { width, depth, deepest, threw } = shape;
  context.fillStyle = colors.panel;
  context.fillRect(0, 0, width, height);
  context.fillStyle = colors.accent;
  context.globalAlpha = 0.45;
  for (let x = 0; x < width; x++) {
    // Few rows stay low: a trace of one call is no wall.
    const tall = ((depth[x] as number) / Math.max(deepest, 6)) * (height - 8);
    if (tall > 0) context.fillRect(x, 0, 1, Math.max(1, tall));
  }
  context.globalAlpha = 1;
  context.fillStyle = colors.error;
  for (let x = 0; x < width; x++) {
    if (threw[x] === 1) context.fillRect(Math.max(0, x - 1), height - 6, 3, 6);
  }
}
