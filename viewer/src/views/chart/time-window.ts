/** Moves of the visible time range: pure, inside the trace's extent. */
import type { TimeRange } from '../../state/state.ts';

/** A nanosecond: nothing is finer. */
const LEAST_MS = 1e-6;

/** `factor` below 1 shows less. `anchor`: the time that stays where it is. */
export function zoomed(range: TimeRange, extent: TimeRange, factor: number, anchor: number): TimeRange {
  const length = Math.min(extent.to - extent.from, Math.max(LEAST_MS, (extent.to - extent.from) * 1e-10, (range.to - range.from) * factor));
  const share = Math.min(1, Math.max(0, (anchor - range.from) / (range.to - range.from)));
  return inside(anchor - share * length, length, extent);
}

export function panned(range: TimeRange, extent: TimeRange, by: number): TimeRange {
  return inside(range.from + by, range.to - range.from, extent);
}

/** A range that shows `span` with some room around it. */
export function around(span: TimeRange, extent: TimeRange): TimeRange {
  const length = Math.max((span.to - span.from) * 1.1, LEAST_MS * 10);
  return inside((span.from + span.to - length) / 2, Math.min(length, extent.to - extent.from), extent);
}

function inside(from: number, length: number, extent: TimeRange): TimeRange {
  const first = Math.max(extent.from, Math.min(from, extent.to - length));
  return { from: first, to: Math.min(extent.to, first + length) };
}
