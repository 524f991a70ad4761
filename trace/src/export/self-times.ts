/** Which call a track was in, from moment to moment: what the sampled formats make samples of. */
import { nesting } from './timeline.ts';
import type { Timeline } from './timeline.ts';

/** From `from` to `to` (ms since the trace's start) nothing below `entry` ran; -1: nothing at all. Without holes, in order; empty moments are left out. */
export function* selfTimes(timeline: Timeline, track: number): Generator<readonly [entry: number, from: number, to: number]> {
  const { start, end } = timeline;
  const open: number[] = [];
  let from: number | undefined;
  for (const [entry, opens] of nesting(timeline, timeline.order[track] as Int32Array)) {
    const at = (opens ? start : end)[entry] as number;
    if (from !== undefined && at > from) yield [open.at(-1) ?? -1, from, at];
    from = from === undefined ? at : Math.max(from, at);
    if (opens) open.push(entry);
    else open.pop();
  }
}
