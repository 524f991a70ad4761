/**
 * The chart's own layout of a trace: places, sorted by row and by start within a row, as struct of arrays. No two spans of a row overlap, so
 * what is visible is found by bisection, and of many spans in one pixel only the last can be wider than it.
 */
import { layoutRows } from '@captureflow/trace/lanes';
import { SpanFlag } from '@captureflow/trace/view-file';
import { colorNumber } from '../../state/function-color.ts';
import type { LoadedTrace } from '../../state/loaded-trace.ts';

export interface ChartRows {
  readonly rows: number;
  /** Places of row r: `offsets[r] … offsets[r + 1] - 1`. */
  readonly offsets: Uint32Array;
  /** Span at a place. */
  readonly span: Uint32Array;
  /** ms, by place. An open span lasts to the end of the trace. */
  readonly from: Float64Array;
  readonly to: Float64Array;
  /** Number of the function's colour, by place. */
  readonly color: Uint8Array;
  /** Spans that threw at all places before this one. */
  readonly threwBefore: Uint32Array;
  /** Row of a span. */
  readonly row: Int32Array;
}

export function chartRows(trace: LoadedTrace): ChartRows {
  const { columns } = trace;
  const { count, start } = columns;
  const { row, rows } = layoutRows(start, columns.end, columns.parent);
  const offsets = new Uint32Array(rows + 1);
  for (let i = 0; i < count; i++) (offsets[(row[i] as number) + 1] as number)++;
  for (let r = 0; r < rows; r++) (offsets[r + 1] as number) += offsets[r] as number;
  const span = new Uint32Array(count);
  const next = offsets.slice();
  for (let i = 0; i < count; i++) span[(next[row[i] as number] as number)++] = i;
  sortRows(span, offsets, start);
  const colors = Uint8Array.from(trace.header.functions, colorNumber);
  const from = new Float64Array(count);
  const to = new Float64Array(count);
  const color = new Uint8Array(count);
  const threwBefore = new Uint32Array(count + 1);
  for (let place = 0; place < count; place++) {
    const i = span[place] as number;
    from[place] = start[i] as number;
    to[place] = Math.max(start[i] as number, trace.endOf(i));
    color[place] = colors[columns.functionIndex[i] as number] as number;
    threwBefore[place + 1] = (threwBefore[place] as number) + ((columns.flags[i] as number) & SpanFlag.THREW);
  }
  return { rows, offsets, span, from, to, color, threwBefore, row };
}

/** Spans come in order of their start from every writer; only a hostile file has rows to sort. */
function sortRows(span: Uint32Array, offsets: Uint32Array, start: Float64Array): void {
  for (let r = 0; r + 1 < offsets.length; r++) {
    const low = offsets[r] as number;
    const high = offsets[r + 1] as number;
    for (let place = low + 1; place < high; place++) {
      if ((start[span[place - 1] as number] as number) <= (start[span[place] as number] as number)) continue;
      span.subarray(low, high).sort((a, b) => (start[a] as number) - (start[b] as number) || a - b);
      break;
    }
  }
}

/** First place of `low … high - 1` whose `times` is above `time`; `high` when none is. */
export function firstAbove(times: Float64Array, time: number, low: number, high: number): number {
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle] as number) > time) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** As `firstAbove`, for when the place is mostly near: steps double until they are too far, then bisection. */
export function gallopTo(times: Float64Array, time: number, low: number, high: number): number {
  let step = 1;
  let at = low;
  while (at < high && (times[at] as number) <= time) {
    low = at + 1;
    at += step;
    step *= 2;
  }
  return firstAbove(times, time, low, Math.min(at, high));
}

/** The span of a row at a time, or the nearest within `slack` ms; -1: there is none. */
export function spanAt(rows: ChartRows, row: number, time: number, slack: number): number {
  if (row < 0 || row >= rows.rows) return -1;
  const low = rows.offsets[row] as number;
  const high = rows.offsets[row + 1] as number;
  const place = firstAbove(rows.from, time, low, high) - 1;
  const before = place >= low ? Math.max(0, time - (rows.to[place] as number)) : Number.POSITIVE_INFINITY;
  const after = place + 1 < high ? (rows.from[place + 1] as number) - time : Number.POSITIVE_INFINITY;
  const best = before <= after ? place : place + 1;
  return Math.min(before, after) <= slack ? (rows.span[best] as number) : -1;
}

/** The neighbour of a span in its row, `step` 1 or -1; itself at the ends. */
export function neighbourInRow(rows: ChartRows, span: number, step: number): number {
  const row = rows.row[span] as number;
  const low = rows.offsets[row] as number;
  const high = rows.offsets[row + 1] as number;
  const place = rows.span.subarray(low, high).indexOf(span) + low;
  const next = place + step;
  return next >= low && next < high ? (rows.span[next] as number) : span;
}
