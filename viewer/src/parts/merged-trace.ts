/** What is counted over a whole trace, once: merged calls, totals by function, who calls whom. */
import { callGraph, functionTotals, mergeCalls, type CallGraph, type FunctionTotals, type MergedCalls } from '@captureflow/trace';
import type { LoadedTrace } from '../state/loaded-trace.ts';

export interface MergedTrace {
  readonly merged: MergedCalls;
  readonly totals: FunctionTotals;
  readonly graph: CallGraph;
}

/** Holds the last trace only: of a million calls it is 70 MB, which a trace that was swapped away would go on holding. */
let known = new WeakMap<LoadedTrace, MergedTrace>();

export function mergedTrace(trace: LoadedTrace): MergedTrace {
  let result = known.get(trace);
  if (result === undefined) {
    const merged = mergeCalls(trace.columns, trace.suspensions);
    result = { merged, totals: functionTotals(merged, trace.header.functions.length), graph: callGraph(merged) };
    known = new WeakMap([[trace, result]]);
  }
  return result;
}
