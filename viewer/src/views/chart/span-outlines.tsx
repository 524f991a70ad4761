/** Outlines of the selected span and of the one under the mouse. Elements above the canvas: what only they change is not drawn anew. */
import type { JSX } from 'preact';
import { selectedSpan, visibleRange } from '../../state/state.ts';
import type { ChartController } from './chart-controller.ts';
import { hoveredSpan } from './hovered-span.ts';

export function SpanOutlines({ chart }: { readonly chart: ChartController }): JSX.Element {
  return (
    <>
      <Outline chart={chart} span={hoveredSpan.value?.span ?? -1} look="hovered" />
      <Outline chart={chart} span={selectedSpan.value} look="selected" />
    </>
  );
}

interface OutlineProps {
  readonly chart: ChartController;
  readonly span: number;
  readonly look: string;
}

function Outline({ chart, span, look }: OutlineProps): JSX.Element | null {
  const { width, rowHeight } = chart.size.value;
  const { from, to } = visibleRange.value;
  const row = chart.rows.row[span];
  if (row === undefined) return null;
  const scale = width / (to - from);
  const left = Math.max(((chart.trace.columns.start[span] as number) - from) * scale, -4);
  const right = Math.min((chart.trace.endOf(span) - from) * scale, width + 4);
  if (right < -3 || left > width + 3) return null;
  const style = { left: `${left}px`, top: `${row * rowHeight}px`, width: `${Math.max(right - left, 4)}px`, height: `${rowHeight}px` };
  return <div class={`chart-outline ${look}`} style={style} />;
}
