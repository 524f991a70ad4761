/** Where `chart-painter.ts` runs beside the page. Says that it is there, is given the canvases, then what changes. */
import { ChartPainter } from './chart-painter.ts';
import type { ChartCanvases, ChartChange, ChartSubject } from './chart-painter.ts';

/** The first message. */
export interface PaintStart {
  readonly canvases: ChartCanvases<OffscreenCanvas>;
  readonly subject: ChartSubject;
  readonly change: ChartChange;
}

let painter: ChartPainter | undefined;
addEventListener('message', ({ data }: MessageEvent<unknown>) => {
  if (painter !== undefined) return painter.tell(data as ChartChange);
  const { canvases, subject, change } = data as PaintStart;
  painter = new ChartPainter(canvases, subject);
  painter.tell(change);
  // The chart can be seen.
  postMessage(true);
});
postMessage(false);
