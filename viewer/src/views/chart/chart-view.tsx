/** The time-ordered flame chart. */
import type { JSX } from 'preact';
import { openTrace } from '../../state/state.ts';

export function ChartView(): JSX.Element {
  return <div class="chart">{openTrace.value?.columns.count}</div>;
}
