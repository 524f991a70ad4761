/** Mouse, touch and wheel on the chart and its minimap. */
import { selectedSpan, visibleRange } from '../../state/state.ts';
import type { ChartController, ChartElements } from './chart-controller.ts';
import { hoveredSpan } from './hovered-span.ts';
import { around, panned, zoomed } from './time-window.ts';

/** Moved less than this, a press is a click. */
const CLICK_PX = 4;
/** A wheel's notch is 100 or 120 pixels of this. */
const ZOOM_PER_PX = 0.0022;
/** How near to an edge of the minimap's window one takes hold of it. */
const EDGE_PX = 6;

/** Returns what ends them. */
export function attachGestures(chart: ChartController, elements: ChartElements): () => void {
  const { canvas, minimap } = elements;
  const ends = [
    listen(canvas, 'wheel', (event) => wheel(chart, elements, event)),
    listen(minimap, 'wheel', (event) => wheel(chart, elements, event)),
    ...dragging(canvas, () => dragChart(chart, elements)),
    ...dragging(minimap, (event) => dragMinimap(chart, minimap, event)),
    listen(canvas, 'pointermove', (event) => hover(chart, canvas, event)),
    listen(canvas, 'pointerleave', () => {
      hoveredSpan.value = undefined;
    }),
    listen(canvas, 'click', (event) => click(chart, canvas, event)),
    listen(canvas, 'dblclick', (event) => {
      const span = chart.spanAt(...pointIn(canvas, event));
      if (span >= 0) zoomToSpan(chart, span);
    }),
  ];
  return () => {
    for (const end of ends) end();
  };
}

export function zoomToSpan({ trace }: ChartController, span: number): void {
  visibleRange.value = around({ from: trace.columns.start[span] as number, to: trace.endOf(span) }, trace.extent);
}

function wheel(chart: ChartController, { scroller, canvas }: ChartElements, event: WheelEvent): void {
  event.preventDefault();
  // Lines instead of pixels: Firefox with a mouse.
  const unit = event.deltaMode === 1 ? 16 : 1;
  const dx = event.deltaX * unit;
  const dy = event.deltaY * unit;
  const range = visibleRange.peek();
  if (event.shiftKey) {
    scroller.scrollTop += dy === 0 ? dx : dy;
  } else if (Math.abs(dx) > Math.abs(dy)) {
    visibleRange.value = panned(range, chart.trace.extent, (dx / chart.width) * (range.to - range.from));
  } else {
    const [x] = pointIn(canvas, event);
    const inMinimap = event.currentTarget !== canvas;
    const anchor = inMinimap ? (range.from + range.to) / 2 : chart.timeAt(x);
    // A pinch comes as a wheel with Ctrl, and in smaller steps.
    visibleRange.value = zoomed(range, chart.trace.extent, Math.exp(dy * ZOOM_PER_PX * (event.ctrlKey ? 4 : 1)), anchor);
  }
}

function hover(chart: ChartController, canvas: HTMLCanvasElement, event: PointerEvent): void {
  const span = event.buttons === 0 ? chart.spanAt(...pointIn(canvas, event)) : -1;
  hoveredSpan.value = span < 0 ? undefined : { span, x: event.clientX, y: event.clientY };
}

/** The press that ended last moved the chart: the click that follows it selects nothing. */
let moved = false;

function click(chart: ChartController, canvas: HTMLCanvasElement, event: MouseEvent): void {
  if (!moved) selectedSpan.value = chart.spanAt(...pointIn(canvas, event));
}

type Drag = (dx: number, dy: number, event: PointerEvent) => void;

function dragChart(chart: ChartController, { scroller }: ChartElements): Drag {
  const range = visibleRange.peek();
  const top = scroller.scrollTop;
  return (dx, dy) => {
    visibleRange.value = panned(range, chart.trace.extent, (-dx / chart.width) * (range.to - range.from));
    scroller.scrollTop = top - dy;
  };
}

/** An edge of the window moves the edge, its middle moves it, elsewhere a new one is drawn. */
function dragMinimap(chart: ChartController, minimap: HTMLCanvasElement, event: PointerEvent): Drag {
  const { extent } = chart.trace;
  const range = visibleRange.peek();
  const length = extent.to - extent.from;
  const scale = chart.width / length;
  const [x] = pointIn(minimap, event);
  const time = extent.from + x / scale;
  const whole = range.from <= extent.from && range.to >= extent.to;
  const choose = (fixed: number, now: number): void => {
    const from = Math.max(extent.from, Math.min(fixed, now));
    const to = Math.min(extent.to, Math.max(fixed, now));
    if (to - from > 0) visibleRange.value = { from, to };
  };
  if (!whole && Math.abs(x - (range.from - extent.from) * scale) <= EDGE_PX) return (dx) => choose(range.to, range.from + dx / scale);
  if (!whole && Math.abs(x - (range.to - extent.from) * scale) <= EDGE_PX) return (dx) => choose(range.from, range.to + dx / scale);
  if (!whole && time > range.from && time < range.to) {
    return (dx) => {
      visibleRange.value = panned(range, extent, dx / scale);
    };
  }
  return (dx) => choose(time, time + dx / scale);
}

/** Calls `begin` at a press and what it returns at each move, until the release. */
function dragging(canvas: HTMLCanvasElement, begin: (event: PointerEvent) => Drag): (() => void)[] {
  let drag: Drag | undefined;
  let startX = 0;
  let startY = 0;
  const end = (): void => {
    drag = undefined;
    canvas.classList.remove('dragging');
  };
  return [
    listen(canvas, 'pointerdown', (event) => {
      if (event.button !== 0) return;
      moved = false;
      startX = event.clientX;
      startY = event.clientY;
      drag = begin(event);
      canvas.setPointerCapture(event.pointerId);
    }),
    listen(canvas, 'pointermove', (event) => {
      if (drag === undefined) return;
      const dx = event.clientX - startX;
      const dy = event.clientY - startY;
      if (!moved && Math.hypot(dx, dy) < CLICK_PX) return;
      moved = true;
      canvas.classList.add('dragging');
      drag(dx, dy, event);
    }),
    listen(canvas, 'pointerup', end),
    listen(canvas, 'pointercancel', end),
  ];
}

function pointIn(canvas: HTMLCanvasElement, event: MouseEvent): [x: number, y: number] {
  const box = canvas.getBoundingClientRect();
  return [event.clientX - box.left, event.clientY - box.top];
}

function listen<K extends keyof HTMLElementEventMap>(
  element: HTMLElement,
  type: K,
  handle: (event: HTMLElementEventMap[K]) => void,
): () => void {
  // The wheel is ours: the page itself does not scroll.
  element.addEventListener(type, handle, { passive: false });
  return () => element.removeEventListener(type, handle);
}
