/**
 * Where the chart is painted: in a worker, so that the page stays free for mouse and keyboard, or in the page, where a browser lets no worker paint. One place
 * a mounted chart; made before its subject is known, since a worker takes its time to start.
 */
import { ChartPainter } from './chart-painter.ts';
import type { ChartCanvases, ChartChange, ChartSubject } from './chart-painter.ts';
import type { PaintStart } from './paint-worker.ts';
// oxlint-disable-next-line import/default -- Vite makes the default export.
import PaintWorker from './paint-worker.ts?worker&inline';

export class PaintPlace {
  private readonly worker: Promise<Worker | undefined> = startWorker();
  private painter: ChartPainter | undefined;
  private early: ChartChange = {};
  private hear: (change: ChartChange) => void = (change) => {
    this.early = { ...this.early, ...change };
  };

  /** Once. Takes the arrays of the subject away. `painted`: the chart can be seen. */
  show(canvases: ChartCanvases<HTMLCanvasElement>, subject: ChartSubject, painted: () => void): void {
    void this.worker.then((worker) => {
      if (worker === undefined) {
        this.paintHere(canvases, subject);
        return painted();
      }
      worker.addEventListener('message', painted, { once: true });
      paintThere(worker, canvases, subject, this.early);
      this.hear = (change) => worker.postMessage(change);
    });
  }

  tell(change: ChartChange): void {
    this.hear(change);
  }

  end(): void {
    this.painter?.dispose();
    void this.worker.then((worker) => worker?.terminate());
  }

  private paintHere(canvases: ChartCanvases<HTMLCanvasElement>, subject: ChartSubject): void {
    const painter = new ChartPainter(canvases, subject);
    this.painter = painter;
    this.hear = (change) => painter.tell(change);
    painter.tell(this.early);
  }
}

/** Undefined: there is none, or the browser refuses it. A canvas that was given away cannot be had back, so a worker has to speak first. */
async function startWorker(): Promise<Worker | undefined> {
  if (!('transferControlToOffscreen' in HTMLCanvasElement.prototype)) return undefined;
  try {
    const worker = new PaintWorker();
    const isThere = await new Promise<boolean>((resolve) => {
      worker.onmessage = () => resolve(true);
      worker.onerror = (event) => {
        event.preventDefault();
        resolve(false);
      };
    });
    worker.onmessage = null;
    // From now on an error is one of ours, and the page's console has it.
    worker.onerror = null;
    return isThere ? worker : undefined;
  } catch {
    return undefined;
  }
}

function paintThere(worker: Worker, canvases: ChartCanvases<HTMLCanvasElement>, subject: ChartSubject, change: ChartChange): void {
  const given = {
    rows: canvases.rows.transferControlToOffscreen(),
    axis: canvases.axis.transferControlToOffscreen(),
    overview: canvases.overview.transferControlToOffscreen(),
  };
  const start: PaintStart = { canvases: given, subject, change };
  const arrays = [...Object.values(subject.places), ...Object.values(subject.suspensions)].filter((value) => ArrayBuffer.isView(value));
  worker.postMessage(start, [given.rows, given.axis, given.overview, ...arrays.map(({ buffer }) => buffer)]);
}
