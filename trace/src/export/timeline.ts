/**
 * A trace as what every timeline format draws: intervals that nest within a track. Entry 0 is the root, entry n the span of number n. What is still
 * open lasts to the trace's last moment, and an end is never before its start.
 */
import { assignTracks } from '../lanes.ts';
import type { Trace } from '../model.ts';

export interface Timeline {
  readonly count: number;
  /** ms since the trace's start. */
  readonly start: Float64Array;
  readonly end: Float64Array;
  readonly parent: Int32Array;
  readonly track: Int32Array;
  readonly tracks: number;
  /** The entries of each track in order of start, callers before what they call. */
  readonly order: readonly Int32Array[];
}

export function timelineOf(trace: Trace): Timeline {
  const count = trace.spans.length + 1;
  const start = new Float64Array(count);
  const end = new Float64Array(count);
  const parent = new Int32Array(count).fill(-1);
  let latest = sound(trace.duration ?? 0);
  for (const span of trace.spans) latest = Math.max(latest, sound(span.start), sound(span.end ?? 0));
  end[0] = Math.max(0, sound(trace.duration ?? latest));
  trace.spans.forEach((span, i) => {
    const from = sound(span.start);
    start[i + 1] = from;
    end[i + 1] = Math.max(from, span.end === undefined ? latest : sound(span.end));
    // An import may claim anything: callers that are each other's callers would be walked for ever.
    parent[i + 1] = span.parent >= 0 && span.parent <= i ? span.parent : 0;
  });
  const { track, tracks } = assignTracks(start, end, parent);
  return { count, start, end, parent, track, tracks, order: orderByTrack(start, track, tracks) };
}

/** No number, or one without an end, is no time. */
function sound(time: number): number {
  return Number.isFinite(time) ? time : 0;
}

/** Opens and closes of one track in order of time: `take(entry, true)` and, when it ends, `take(entry, false)`. */
export function* nesting({ start, end, parent }: Timeline, order: Int32Array): Generator<readonly [entry: number, opens: boolean]> {
  const open: number[] = [];
  for (const entry of order) {
    for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
      if (top === parent[entry] && (start[entry] as number) >= (start[top] as number) && (end[entry] as number) <= (end[top] as number))
        break;
      open.pop();
      yield [top, false];
    }
    open.push(entry);
    yield [entry, true];
  }
  for (let top = open.pop(); top !== undefined; top = open.pop()) yield [top, false];
}

function orderByTrack(start: Float64Array, track: Int32Array, tracks: number): Int32Array[] {
  const sizes = new Int32Array(tracks);
  for (const each of track) sizes[each] = (sizes[each] as number) + 1;
  const order = Array.from(sizes, (size) => new Int32Array(size));
  const filled = new Int32Array(tracks);
  track.forEach((each, entry) => {
    const list = order[each] as Int32Array;
    const at = filled[each] as number;
    list[at] = entry;
    filled[each] = at + 1;
  });
  // In order of start already, unless the times of the trace make no sense. Sorting is stable, so callers stay before what they call.
  for (const list of order) {
    if (list.some((entry, i) => i > 0 && (start[list[i - 1] as number] as number) > (start[entry] as number)))
      list.sort((a, b) => (start[a] as number) - (start[b] as number) || a - b);
  }
  return order;
}
