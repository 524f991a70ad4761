/**
 * What the painter knows of the spans, by place of `chart-rows.ts`: of many spans in one pixel only the last can be wider than it, and a place's
 * neighbours in a row are its neighbours in time. Plain typed arrays, which cross to a worker without being copied.
 */
import { SpanFlag } from '@captureflow/trace/view-file';
import { colorNumber } from '../../state/function-color.ts';
import type { LoadedTrace } from '../../state/loaded-trace.ts';
import type { ChartRows } from './chart-rows.ts';

export interface PlaceColumns {
  readonly rows: number;
  /** Places of row r: `offsets[r] … offsets[r + 1] - 1`. */
  readonly offsets: Uint32Array;
  readonly span: Uint32Array;
  /** ms. An open span lasts to the end of the trace. */
  readonly from: Float64Array;
  readonly to: Float64Array;
  readonly functionIndex: Uint32Array;
  /** `SpanFlag` bits. */
  readonly flags: Uint16Array;
  /** Number of the function's colour. */
  readonly color: Uint8Array;
  /** Spans that threw at all places before this one. */
  readonly threwBefore: Uint32Array;
}

/** Arrays of their own: whoever gets them may take them away. */
export function placeColumns(trace: LoadedTrace, rows: ChartRows): PlaceColumns {
  const { columns } = trace;
  const { count, start } = columns;
  const span = rows.span.slice();
  const colors = Uint8Array.from(trace.header.functions, colorNumber);
  const from = new Float64Array(count);
  const to = new Float64Array(count);
  const functionIndex = new Uint32Array(count);
  const flags = new Uint16Array(count);
  const color = new Uint8Array(count);
  const threwBefore = new Uint32Array(count + 1);
  for (let place = 0; place < count; place++) {
    const i = span[place] as number;
    from[place] = start[i] as number;
    to[place] = Math.max(start[i] as number, trace.endOf(i));
    functionIndex[place] = columns.functionIndex[i] as number;
    flags[place] = columns.flags[i] as number;
    color[place] = colors[columns.functionIndex[i] as number] as number;
    threwBefore[place + 1] = (threwBefore[place] as number) + ((columns.flags[i] as number) & SpanFlag.THREW);
  }
  return { rows: rows.rows, offsets: rows.offsets.slice(), span, from, to, functionIndex, flags, color, threwBefore };
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
