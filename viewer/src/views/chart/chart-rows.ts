/**
 * The chart's own layout of a trace: places, sorted by row and by start within a row, as struct of arrays. No two spans of a row overlap, so
 * what is at a point is found by bisection. What of the spans is painted stands in `place-columns.ts`.
 */
import { layoutRows } from '@captureflow/trace/lanes';
import type { LoadedTrace } from '../../state/loaded-trace.ts';

export interface ChartRows {
  readonly rows: number;
  /** Places of row r: `offsets[r] … offsets[r + 1] - 1`. */
  readonly offsets: Uint32Array;
  /** Span at a place. */
  readonly span: Uint32Array;
  /** Row of a span. */
  readonly row: Int32Array;
}

export function chartRows({ columns }: LoadedTrace): ChartRows {
  const { count, start } = columns;
  const { row, rows } = layoutRows(start, columns.end, columns.parent);
  const offsets = new Uint32Array(rows + 1);
  for (let i = 0; i < count; i++) (offsets[(row[i] as number) + 1] as number)++;
  for (let r = 0; r < rows; r++) (offsets[r + 1] as number) += offsets[r] as number;
  const span = new Uint32Array(count);
  const next = offsets.slice();
  for (let i = 0; i < count; i++) span[(next[row[i] as number] as number)++] = i;
  sortRows(span, offsets, start);
  return { rows, offsets, span, row };
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

/** The span of a row at a time, or the nearest within `slack` ms; -1: there is none. */
export function spanAt(rows: ChartRows, trace: LoadedTrace, row: number, time: number, slack: number): number {
  if (row < 0 || row >= rows.rows) return -1;
  const { start } = trace.columns;
  const first = rows.offsets[row] as number;
  let low = first;
  let high = rows.offsets[row + 1] as number;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((start[rows.span[middle] as number] as number) > time) high = middle;
    else low = middle + 1;
  }
  const before = low > first ? (rows.span[low - 1] as number) : -1;
  const after = low < (rows.offsets[row + 1] as number) ? (rows.span[low] as number) : -1;
  const sinceEnd = before < 0 ? Number.POSITIVE_INFINITY : Math.max(0, time - Math.max(start[before] as number, trace.endOf(before)));
  const toStart = after < 0 ? Number.POSITIVE_INFINITY : (start[after] as number) - time;
  if (Math.min(sinceEnd, toStart) > slack) return -1;
  return sinceEnd <= toStart ? before : after;
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
