/** Which calls a call made at each of its steps, by the time they began: a link from a line to what it called, and where errors came from. */
import type { SpanDetails, TraceColumns } from '@captureflow/trace/view-file';
import type { ChildLinks } from '../tree/tree-rows.ts';

/** Child spans by step, in order; calls before the first step (of parameters' defaults) belong to it. */
export function callsByStep(
  columns: TraceColumns,
  children: ChildLinks,
  span: number,
  lines: SpanDetails['lines'],
): ReadonlyMap<number, readonly number[]> {
  const calls = new Map<number, number[]>();
  if (lines.length === 0) return calls;
  let step = 0;
  for (let child = children.first(span); child >= 0; child = children.next(child)) {
    while (step + 1 < lines.length && lines[step + 1]!.time <= columns.start[child]!) step++;
    const known = calls.get(step);
    if (known === undefined) calls.set(step, [child]);
    else known.push(child);
  }
  return calls;
}
