/** Outline of the span under the mouse. An element above the canvas: what only it changes is not painted anew. */
import type { JSX } from 'preact';
import { visibleRange } from '../../state/state.ts';
import type { ChartController } from './chart-controller.ts';
import { hoveredSpan } from './hovered-span.ts';

export function HoverOutline({ chart }: { readonly chart: ChartController }): JSX.Element | null {
  const span = hoveredSpan.value?.span ?? -1;
  const { width, rowHeight } = chart.size.value;
  const row = chart.rows.row[span];
  if (row === undefined) return null;
  const { from, to } = visibleRange.value;
  const scale = width / (to - from);
  const left = Math.max(((chart.trace.columns.start[span] as number) - from) * scale, -4);
  const right = Math.min((chart.trace.endOf(span) - from) * scale, width + 4);
  if (right < -3 || left > width + 3) return null;
  const style = { left: `${left}px`, top: `${row * rowHeight}px`, width: `${Math.max(right - left, 4)}px`, height: `${rowHeight}px` };
  return <div class="chart-outline" style={style} />;
}
