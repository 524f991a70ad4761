/** The function that tables and graphs are about; -1: none. It follows the selected span until somebody chooses another. */
import { effect, signal, type Signal } from '@preact/signals';
import { openTrace, selectedSpan } from '../state/state.ts';

export const selectedFunction: Signal<number> = signal(-1);

effect(() => {
  const trace = openTrace.value;
  const span = selectedSpan.value;
  selectedFunction.value = trace === undefined || span < 0 ? -1 : (trace.columns.functionIndex[span] ?? -1);
});
