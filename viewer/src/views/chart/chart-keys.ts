/** The chart by keyboard: what each key does to the signals. */
import { selectedSpan, visibleRange } from '../../state/state.ts';
import type { ChartController } from './chart-controller.ts';
import { zoomToSpan } from './chart-gestures.ts';
import { neighbourInRow } from './chart-rows.ts';
import { panned, zoomed } from './time-window.ts';

const ZOOM = 0.75;
const PAN = 0.15;

/** Returns whether the key did something. */
export function pressChartKey(chart: ChartController, event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  const range = visibleRange.peek();
  const { extent, columns, children } = chart.trace;
  const selected = selectedSpan.peek();
  const length = range.to - range.from;
  const middle = selected < 0 ? (range.from + range.to) / 2 : middleOf(chart, selected);
  switch (event.key.toLowerCase()) {
    case 'w':
    case '+':
    case '=':
      visibleRange.value = zoomed(range, extent, ZOOM, middle);
      return true;
    case 's':
    case '-':
      visibleRange.value = zoomed(range, extent, 1 / ZOOM, middle);
      return true;
    case 'a':
      visibleRange.value = panned(range, extent, -length * PAN);
      return true;
    case 'd':
      visibleRange.value = panned(range, extent, length * PAN);
      return true;
    case '0':
    case 'home':
      visibleRange.value = extent;
      return true;
    case 'escape':
      if (selected < 0) return false;
      selectedSpan.value = -1;
      return true;
    case 'enter':
      if (selected >= 0) zoomToSpan(chart, selected);
      return selected >= 0;
    case 'arrowup':
      return select(selected < 0 ? -1 : (columns.parent[selected] as number), selected);
    case 'arrowdown':
      return select(children.first(selected), selected);
    case 'arrowleft':
      return select(selected < 0 ? children.first(-1) : neighbourInRow(chart.rows, selected, -1), selected);
    case 'arrowright':
      return select(selected < 0 ? children.first(-1) : neighbourInRow(chart.rows, selected, 1), selected);
    default:
      return false;
  }
}

/** -1 keeps what is selected. */
function select(span: number, selected: number): boolean {
  selectedSpan.value = span < 0 ? selected : span;
  return true;
}

/** Of what is visible of the span, so that zooming does not jump; of the range when it is out of sight. */
function middleOf({ trace }: ChartController, span: number): number {
  const { from, to } = visibleRange.peek();
  const first = Math.max(from, trace.columns.start[span] as number);
  const last = Math.min(to, trace.endOf(span));
  return last >= first ? (first + last) / 2 : (from + to) / 2;
}
