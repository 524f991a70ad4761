/** Finds the suspensions of a span in the column of all, by bisection. */
import type { SuspensionColumns } from '@captureflow/trace/view-file';

/** Suspensions are in order of their spans: place of the first of `span`, or of the first behind it. */
export function firstSuspension(suspensions: Pick<SuspensionColumns, 'count' | 'span'>, span: number): number {
  let low = 0;
  let high = suspensions.count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((suspensions.span[middle] as number) < span) low = middle + 1;
    else high = middle;
  }
  return low;
}
