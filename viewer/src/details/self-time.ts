/** Time that a span spent in its own code: without its children and without waiting. */
import type { LoadedTrace } from '../state/loaded-trace.ts';
import { firstSuspension } from './first-suspension.ts';

/** ms. Children and suspensions may overlap each other: what is covered is counted once. */
export function selfTime(trace: LoadedTrace, span: number): number {
  const from = trace.columns.start[span] as number;
  const to = trace.endOf(span);
  const covered: [number, number][] = [];
  for (let child = trace.children.first(span); child >= 0; child = trace.children.next(child)) {
    covered.push([trace.columns.start[child] as number, trace.endOf(child)]);
  }
  const { suspensions } = trace;
  for (let i = firstSuspension(suspensions, span); i < suspensions.count && suspensions.span[i] === span; i++) {
    const end = suspensions.to[i] as number;
    covered.push([suspensions.from[i] as number, Number.isNaN(end) ? to : end]);
  }
  covered.sort((a, b) => a[0] - b[0]);
  let self = Math.max(0, to - from);
  let free = from;
  for (const [begin, end] of covered) {
    const left = Math.max(begin, free);
    const right = Math.min(end, to);
    if (right <= left) continue;
    self -= right - left;
    free = right;
  }
  return Math.max(0, self);
}
