/** What the chart is painted on: a canvas of the page, or its stand-in in a worker. */

export type ChartCanvas = HTMLCanvasElement | OffscreenCanvas;
export type Canvas2D = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

/** Opaque: what lies below a canvas of the chart is never seen. */
export function contextOf(canvas: ChartCanvas): Canvas2D {
  return canvas.getContext('2d', { alpha: false }) as Canvas2D;
}
