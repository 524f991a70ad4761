/**
 * Connects the signals with the painter: what changes is told, and painted in the next frame. Gestures and keys change signals and paint nothing
 * themselves. One controller a mounted chart; `dispose` ends it.
 */
import { effect, signal, untracked } from '@preact/signals';
import type { Signal } from '@preact/signals';
import { printable } from '@captureflow/trace';
import { dark } from '../../state/theme.ts';
import type { LoadedTrace } from '../../state/loaded-trace.ts';
import { matches, selectedSpan, visibleRange } from '../../state/state.ts';
import { chartColors } from './chart-colors.ts';
import type { ChartLook, ChartSight, ChartSubject } from './chart-painter.ts';
import { chartRows, spanAt } from './chart-rows.ts';
import type { ChartRows } from './chart-rows.ts';
import { PaintPlace } from './paint-place.ts';
import { placeColumns } from './place-columns.ts';
import { around } from './time-window.ts';

export interface ChartSize {
  readonly width: number;
  readonly rowHeight: number;
}

export interface ChartElements {
  readonly scroller: HTMLDivElement;
  readonly spacer: HTMLDivElement;
  readonly canvas: HTMLCanvasElement;
  readonly axis: HTMLCanvasElement;
  readonly minimap: HTMLCanvasElement;
}

/** Rows are this high in rem. */
const ROW_REM = 1.125;
/** Characters: no label is wider than a screen. */
const LONGEST_LABEL = 120;

export class ChartController {
  readonly trace: LoadedTrace;
  readonly rows: ChartRows;
  /** For what lies above the canvas. CSS pixels. */
  readonly size: Signal<ChartSize> = signal({ width: 1, rowHeight: 18 });
  private rowHeight = 18;
  width = 1;
  private height = 1;
  private readonly elements: ChartElements;
  private readonly place = new PaintPlace();
  private readonly observer: ResizeObserver;
  private readonly stops: (() => void)[] = [];

  constructor(trace: LoadedTrace, elements: ChartElements) {
    this.trace = trace;
    this.elements = elements;
    this.rows = chartRows(trace);
    const { canvas, axis, minimap, scroller } = elements;
    this.place.show({ rows: canvas, axis, overview: minimap }, subjectOf(trace, this.rows), () => {
      canvas.dataset['painted'] = '';
    });
    this.observer = new ResizeObserver(this.resize);
    this.observer.observe(scroller);
    scroller.addEventListener('scroll', this.tellSight, { passive: true });
    this.stops.push(
      effect(() => this.place.tell({ matches: matches.value })),
      effect(() => {
        void visibleRange.value;
        this.tellSight();
      }),
      effect(() => {
        void dark.value;
        untracked(this.resize);
      }),
      effect(() => {
        const span = selectedSpan.value;
        const selected = { row: this.rows.row[span] ?? -1, from: trace.columns.start[span] ?? 0, to: span < 0 ? 0 : trace.endOf(span) };
        this.place.tell({ selected });
        untracked(() => this.reveal(span));
      }),
    );
  }

  dispose(): void {
    for (const stop of this.stops) stop();
    this.observer.disconnect();
    this.elements.scroller.removeEventListener('scroll', this.tellSight);
    this.place.end();
  }

  /** ms at `x` pixels from the chart's left edge. */
  timeAt(x: number): number {
    const { from, to } = visibleRange.peek();
    return from + (x / this.width) * (to - from);
  }

  /** The span under a point of the canvas, or within two pixels of it; -1: none. */
  spanAt(x: number, y: number): number {
    const { from, to } = visibleRange.peek();
    const row = Math.floor((y + this.elements.scroller.scrollTop) / this.rowHeight);
    return spanAt(this.rows, this.trace, row, this.timeAt(x), ((to - from) / this.width) * 2);
  }

  /** Shows a span that is not in sight. */
  reveal(span: number): void {
    if (span < 0) return;
    const range = visibleRange.peek();
    const from = this.trace.columns.start[span] as number;
    const to = this.trace.endOf(span);
    if (to < range.from || from > range.to) visibleRange.value = around({ from, to }, this.trace.extent);
    const top = (this.rows.row[span] as number) * this.rowHeight;
    const { scroller } = this.elements;
    if (top < scroller.scrollTop) scroller.scrollTop = Math.max(0, top - this.rowHeight);
    else if (top + this.rowHeight > scroller.scrollTop + this.height) scroller.scrollTop = top + 2 * this.rowHeight - this.height;
  }

  private readonly tellSight = (): void => {
    const { from, to } = visibleRange.peek();
    const sight: ChartSight = { from, to, scrollTop: this.elements.scroller.scrollTop };
    this.place.tell({ sight });
  };

  /** Sizes and colours as they are now. */
  private readonly resize = (): void => {
    const { scroller, spacer, canvas, axis, minimap } = this.elements;
    const style = getComputedStyle(scroller);
    const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
    const ratio = devicePixelRatio;
    // A row is a whole number of device pixels, or lines of one would look thicker than those of the next.
    this.rowHeight = Math.round(rem * ROW_REM * ratio) / ratio;
    this.width = Math.max(1, scroller.clientWidth);
    this.height = Math.max(1, scroller.clientHeight);
    spacer.style.height = `${Math.max(this.height, this.rows.rows * this.rowHeight + this.rowHeight)}px`;
    for (const each of [canvas, axis, minimap]) each.style.setProperty('--width', `${this.width}px`);
    canvas.style.setProperty('--height', `${this.height}px`);
    // CSS pixels for the layout, device pixels for the eye.
    const look: ChartLook = {
      colors: chartColors(dark.peek()),
      font: `${(rem * 0.75 * ratio).toFixed(1)}px ${style.fontFamily}`,
      width: Math.round(this.width * ratio),
      height: Math.round(this.height * ratio),
      axisHeight: Math.round(axis.clientHeight * ratio),
      overviewHeight: Math.round(minimap.clientHeight * ratio),
      rowHeight: this.rowHeight,
      ratio,
    };
    this.place.tell({ look });
    this.size.value = { width: this.width, rowHeight: this.rowHeight };
  };
}

function subjectOf(trace: LoadedTrace, rows: ChartRows): ChartSubject {
  const { header, columns, suspensions, extent } = trace;
  const { count, span, from, to } = suspensions;
  return {
    places: placeColumns(trace, rows),
    // Copies: a view that crosses takes the whole file along.
    suspensions: { count, span: span.slice(), from: from.slice(), to: to.slice() },
    labels: header.functions.map(({ name }) => printable(name, LONGEST_LABEL)),
    // The first span that began behind it.
    gaps: header.gaps.map(({ afterSpan }) => columns.start[afterSpan] ?? extent.to),
    extent,
  };
}
