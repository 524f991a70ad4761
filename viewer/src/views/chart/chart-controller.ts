/**
 * Connects the chart's canvases with the signals: what changes is drawn in the next frame, once. Gestures and keys change signals and draw nothing
 * themselves. One controller a mounted chart; `dispose` ends it.
 */
import { effect, signal, untracked } from '@preact/signals';
import type { Signal } from '@preact/signals';
import { dark } from '../../state/theme.ts';
import type { LoadedTrace } from '../../state/loaded-trace.ts';
import { matches, selectedSpan, visibleRange } from '../../state/state.ts';
import { chartColors } from './chart-colors.ts';
import { chartRows, spanAt } from './chart-rows.ts';
import type { ChartRows } from './chart-rows.ts';
import { drawAxis, drawGaps } from './draw-axis.ts';
import { drawChart } from './draw-chart.ts';
import { LabelCache } from './label-cache.ts';
import { countMatches } from './match-counts.ts';
import { drawMinimap, minimapShape } from './minimap.ts';
import type { MinimapShape } from './minimap.ts';
import { RowPainter } from './row-painter.ts';
import { around } from './time-window.ts';
import { RectList } from './visible-rects.ts';

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

export class ChartController {
  readonly trace: LoadedTrace;
  readonly rows: ChartRows;
  /** For what lies above the canvas. CSS pixels. */
  readonly size: Signal<ChartSize> = signal({ width: 1, rowHeight: 18 });
  private rowHeight = 18;
  private ratio = 1;
  width = 1;
  private height = 1;
  private readonly elements: ChartElements;
  private readonly list = new RectList();
  private readonly painter = new RowPainter();
  private labels: LabelCache;
  private shape: MinimapShape | undefined;
  private matchesBefore: Uint32Array | undefined;
  private frame = 0;
  private readonly observer: ResizeObserver;
  private readonly stops: (() => void)[] = [];

  constructor(trace: LoadedTrace, elements: ChartElements) {
    this.trace = trace;
    this.elements = elements;
    this.rows = chartRows(trace);
    this.labels = new LabelCache(trace.header.functions, '12px sans-serif');
    this.observer = new ResizeObserver(() => this.resize());
    this.observer.observe(elements.scroller);
    elements.scroller.addEventListener('scroll', this.redraw, { passive: true });
    this.resize();
    this.stops.push(
      effect(() => {
        this.matchesBefore = countMatches(this.rows, matches.value);
        this.redraw();
      }),
      effect(() => {
        void visibleRange.value;
        this.redraw();
      }),
      effect(() => {
        void dark.value;
        this.drawOverview();
        this.redraw();
      }),
      effect(() => {
        const span = selectedSpan.value;
        untracked(() => this.reveal(span));
      }),
    );
  }

  dispose(): void {
    for (const stop of this.stops) stop();
    this.observer.disconnect();
    this.elements.scroller.removeEventListener('scroll', this.redraw);
    cancelAnimationFrame(this.frame);
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
    return spanAt(this.rows, row, this.timeAt(x), ((to - from) / this.width) * 2);
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

  readonly redraw = (): void => {
    if (this.frame === 0) this.frame = requestAnimationFrame(this.draw);
  };

  private readonly draw = (): void => {
    this.frame = 0;
    const { canvas, axis, scroller } = this.elements;
    const { ratio, rows, trace } = this;
    const colors = chartColors(dark.peek());
    const range = visibleRange.peek();
    const rowHeight = Math.round(this.rowHeight * ratio);
    const scrollTop = Math.round(scroller.scrollTop * ratio);
    const { width, height } = canvas;
    const context = contextOf(canvas);
    const view = { ...range, width, firstRow: Math.floor(scrollTop / rowHeight), endRow: Math.ceil((scrollTop + height) / rowHeight) };
    const { matchesBefore } = this;
    drawChart(
      context,
      { ...view, trace, rows, colors, height, rowHeight, scrollTop, ratio, matchesBefore },
      this.labels,
      this.list,
      this.painter,
    );
    drawGaps(context, trace, range, width, height, colors.warn);
    drawAxis(contextOf(axis), range, axis.width, axis.height, ratio, colors, this.labels.font);
  };

  private drawOverview(): void {
    const { minimap } = this.elements;
    const width = Math.round(this.width);
    if (this.shape?.width !== width) this.shape = minimapShape(this.trace, this.rows, width);
    const context = contextOf(minimap);
    context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    drawMinimap(context, this.shape, minimap.height / this.ratio, chartColors(dark.peek()));
  }

  private resize(): void {
    const { scroller, spacer, canvas, axis, minimap } = this.elements;
    const style = getComputedStyle(scroller);
    const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
    this.ratio = devicePixelRatio;
    // A row is a whole number of device pixels, or lines of one would look thicker than those of the next.
    this.rowHeight = Math.round(rem * ROW_REM * this.ratio) / this.ratio;
    this.width = Math.max(1, scroller.clientWidth);
    this.height = Math.max(1, scroller.clientHeight);
    this.labels = new LabelCache(this.trace.header.functions, `${(rem * 0.75 * this.ratio).toFixed(1)}px ${style.fontFamily}`);
    spacer.style.height = `${Math.max(this.height, this.rows.rows * this.rowHeight + this.rowHeight)}px`;
    this.sizeCanvas(canvas, this.height);
    this.sizeCanvas(axis, axis.clientHeight);
    this.sizeCanvas(minimap, minimap.clientHeight);
    this.drawOverview();
    this.size.value = { width: this.width, rowHeight: this.rowHeight };
    // At once: observers run after the frame's callbacks, and a canvas that got a size is empty.
    cancelAnimationFrame(this.frame);
    this.draw();
  }

  /** CSS pixels for the layout, device pixels for the eye. */
  private sizeCanvas(canvas: HTMLCanvasElement, height: number): void {
    canvas.width = Math.round(this.width * this.ratio);
    canvas.height = Math.round(height * this.ratio);
    canvas.style.setProperty('--width', `${this.width}px`);
    canvas.style.setProperty('--height', `${height}px`);
  }
}

function contextOf(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  return canvas.getContext('2d', { alpha: false }) as CanvasRenderingContext2D;
}
