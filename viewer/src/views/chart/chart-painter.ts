/**
 * Paints the chart's three canvases: overview, axis, rows. Runs in a worker (`paint-worker.ts`), or in the page where there is none, and knows of neither: what
 * it is told can cross from one to the other. Must not reach for the page, its signals or its trace.
 */
import type { TimeRange } from '../../state/state.ts';
import { contextOf } from './canvas-2d.ts';
import type { ChartCanvas } from './canvas-2d.ts';
import type { ChartColors } from './chart-colors.ts';
import { drawAxis, drawGaps } from './draw-axis.ts';
import { drawChart } from './draw-chart.ts';
import { drawOutline } from './draw-outline.ts';
import type { OutlinedSpan } from './draw-outline.ts';
import { LabelCache } from './label-cache.ts';
import { countMatches } from './match-counts.ts';
import { drawMinimap, minimapShape } from './minimap.ts';
import type { MinimapShape } from './minimap.ts';
import type { PlaceColumns } from './place-columns.ts';
import { RowPainter } from './row-painter.ts';
import type { SuspensionTimes } from './row-painter.ts';
import { RectList } from './visible-rects.ts';

export interface ChartCanvases<Canvas = ChartCanvas> {
  readonly rows: Canvas;
  readonly axis: Canvas;
  readonly overview: Canvas;
}

/** What is painted; the same as long as the painter lives. */
export interface ChartSubject {
  readonly places: PlaceColumns;
  readonly suspensions: SuspensionTimes;
  /** Names of the functions, fit to be shown. */
  readonly labels: readonly string[];
  /** ms: where events were lost. */
  readonly gaps: readonly number[];
  readonly extent: TimeRange;
}

/** What changes rarely. */
export interface ChartLook {
  readonly colors: ChartColors;
  /** In device pixels, as all sizes here but `rowHeight`. */
  readonly font: string;
  readonly width: number;
  readonly height: number;
  readonly axisHeight: number;
  readonly overviewHeight: number;
  /** CSS pixels. */
  readonly rowHeight: number;
  /** Device pixels in one of CSS. */
  readonly ratio: number;
}

export interface ChartSight extends TimeRange {
  /** CSS pixels above the first visible one. */
  readonly scrollTop: number;
}

/** What is not said stays as it is. */
export interface ChartChange {
  readonly look?: ChartLook;
  readonly sight?: ChartSight;
  /** Spans that the search found. */
  readonly matches?: Uint32Array;
  readonly selected?: OutlinedSpan;
}

export class ChartPainter {
  private readonly canvases: ChartCanvases;
  private readonly subject: ChartSubject;
  private readonly list = new RectList();
  private readonly painter = new RowPainter();
  private look: ChartLook | undefined;
  private sight: ChartSight | undefined;
  private labels: LabelCache | undefined;
  private shape: MinimapShape | undefined;
  private matchesBefore: Uint32Array | undefined;
  private selected: OutlinedSpan = { row: -1, from: 0, to: 0 };
  private frame = 0;

  constructor(canvases: ChartCanvases, subject: ChartSubject) {
    this.canvases = canvases;
    this.subject = subject;
  }

  /** However often it is told, it paints once a frame, what it was told last. */
  tell({ look, sight, matches, selected }: ChartChange): void {
    if (selected !== undefined) this.selected = selected;
    if (sight !== undefined) this.sight = sight;
    if (matches !== undefined) this.matchesBefore = countMatches(this.subject.places.span, matches);
    if (look !== undefined) this.take(look);
    else if (this.frame === 0) this.frame = requestAnimationFrame(this.paint);
  }

  dispose(): void {
    cancelAnimationFrame(this.frame);
  }

  private take(look: ChartLook): void {
    const { rows, axis, overview } = this.canvases;
    this.look = look;
    if (this.labels?.font !== look.font) this.labels = new LabelCache(this.subject.labels, look.font);
    resize(rows, look.width, look.height);
    resize(axis, look.width, look.axisHeight);
    resize(overview, look.width, look.overviewHeight);
    this.paintOverview(look);
    // At once: a canvas that got a size is empty.
    cancelAnimationFrame(this.frame);
    this.paint();
  }

  private readonly paint = (): void => {
    this.frame = 0;
    const { look, sight, labels, subject } = this;
    if (look === undefined || sight === undefined || labels === undefined) return;
    const { colors, width, height, ratio } = look;
    const rowHeight = Math.round(look.rowHeight * ratio);
    const scrollTop = Math.round(sight.scrollTop * ratio);
    const view = {
      from: sight.from,
      to: sight.to,
      width,
      firstRow: Math.floor(scrollTop / rowHeight),
      endRow: Math.ceil((scrollTop + height) / rowHeight),
    };
    const context = contextOf(this.canvases.rows);
    const { places, suspensions, gaps } = subject;
    const { matchesBefore } = this;
    const scene = { ...view, places, suspensions, colors, height, rowHeight, scrollTop, ratio, matchesBefore };
    drawChart(context, scene, labels, this.list, this.painter);
    drawOutline(context, this.selected, scene);
    drawGaps(context, gaps, sight, width, height, colors.warn);
    drawAxis(contextOf(this.canvases.axis), sight, width, look.axisHeight, ratio, colors, look.font);
  };

  private paintOverview({ width, overviewHeight, ratio, colors }: ChartLook): void {
    const shapeWidth = Math.round(width / ratio);
    if (this.shape?.width !== shapeWidth) this.shape = minimapShape(this.subject.places, this.subject.extent, shapeWidth);
    const context = contextOf(this.canvases.overview);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    drawMinimap(context, this.shape, overviewHeight / ratio, colors);
  }
}

/** Setting a size empties a canvas, also when it is the same. */
function resize(canvas: ChartCanvas, width: number, height: number): void {
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
}
