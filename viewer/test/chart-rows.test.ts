/** The chart's own layout, and what of it is drawn: nothing that is wide enough to be seen may be missing, whatever the trace. */
import { readViewHead, writeViewFile } from '@captureflow/trace/view-file';
import { summarize } from '@captureflow/trace';
import type { Trace } from '@captureflow/trace';
import { describe, expect, it } from 'vitest';
import { LoadedTrace } from '../src/state/loaded-trace.ts';
import { chartRows, neighbourInRow, spanAt } from '../src/views/chart/chart-rows.ts';
import { countMatches } from '../src/views/chart/match-counts.ts';
import { firstAbove, gallopTo, placeColumns } from '../src/views/chart/place-columns.ts';
import type { PlaceColumns } from '../src/views/chart/place-columns.ts';
import { collectRects, RectList } from '../src/views/chart/visible-rects.ts';
import { busyTrace, deepTrace, madeFunction, madeSpan, madeTrace, wideTrace } from './made-traces.ts';

function load(trace: Trace): LoadedTrace {
  return new LoadedTrace({ ...summarize(trace), id: 't' }, readViewHead(writeViewFile(trace).head), {
    block: async () => new Uint8Array(),
    source: async () => undefined,
  });
}

function placesOf(trace: Trace): PlaceColumns {
  const loaded = load(trace);
  return placeColumns(loaded, chartRows(loaded));
}

function rectsOf(rows: PlaceColumns, from: number, to: number, width: number): RectList {
  const list = new RectList(4);
  collectRects(rows, { from, to, width, firstRow: 0, endRow: rows.rows }, list);
  return list;
}

describe('rows of the chart', () => {
  it('hold every span once, in order of their start, and none overlaps the next', () => {
    for (const trace of [busyTrace(5000), wideTrace(300, true), wideTrace(300, false), deepTrace(200)]) {
      const rows = placesOf(trace);
      expect(new Set(rows.span).size).toBe(trace.spans.length);
      for (let row = 0; row < rows.rows; row++) {
        for (let place = (rows.offsets[row] as number) + 1; place < (rows.offsets[row + 1] as number); place++) {
          expect(rows.from[place]).toBeGreaterThanOrEqual(rows.to[place - 1] as number);
        }
      }
    }
  });

  it('give siblings that overlap in time lanes of their own', () => {
    expect(chartRows(load(wideTrace(50, true))).rows).toBe(51);
    expect(chartRows(load(wideTrace(50, false))).rows).toBe(2);
  });

  it('of 10,000 calls within each other are 10,000, without recursion', () => {
    expect(chartRows(load(deepTrace(10_000))).rows).toBe(10_000);
  });

  it('of a trace whose times go backwards are still in order', () => {
    const fn = madeFunction(0);
    const spans = [5, 3, 9, 1].map((start, i) => madeSpan(i + 1, 0, fn, start, { end: start + (i === 2 ? -4 : 1) }));
    const rows = placesOf(madeTrace(spans, 10));
    expect([...rows.from]).toEqual([1, 3, 5, 9]);
    expect([...rows.to]).toEqual([2, 4, 6, 9]);
  });

  it('find the span at a time, or the nearest within the slack', () => {
    const trace = load(wideTrace(3, false));
    const rows = chartRows(trace);
    const found = (row: number, time: number, slack: number): number => spanAt(rows, trace, row, time, slack);
    expect([found(1, 0.5, 0), found(1, 0.8, 0), found(1, 0.8, 0.2), found(1, 0.95, 0.2)]).toEqual([1, -1, 1, 2]);
    expect([found(1, -0.1, 0), found(1, -0.1, 0.2), found(1, 2.8, 0.2), found(1, 2.95, 0.2)]).toEqual([-1, 1, 3, -1]);
    expect([found(9, 0.5, 1), found(-1, 0.5, 1)]).toEqual([-1, -1]);
    expect([neighbourInRow(rows, 1, -1), neighbourInRow(rows, 1, 1), neighbourInRow(rows, 3, 1)]).toEqual([1, 2, 3]);
  });

  it('count matches so that a rectangle of many spans knows whether it holds one', () => {
    const { span } = placesOf(wideTrace(10, false));
    const before = countMatches(span, Uint32Array.of(3, 7)) as Uint32Array;
    expect(before.at(-1)).toBe(2);
    expect(countMatches(span, new Uint32Array())).toBeUndefined();
  });
});

describe('what is drawn', () => {
  it('covers exactly the pixels that the spans cover', () => {
    const trace = busyTrace(20_000);
    const loaded = load(trace);
    const { row } = chartRows(loaded);
    const rows = placeColumns(loaded, chartRows(loaded));
    const width = 200;
    const { from, to } = { from: 0, to: trace.duration ?? 0 };
    for (const [left, right] of [
      [from, to],
      [to * 0.4, to * 0.41],
      [to * 0.4, to * 0.4001],
    ] as const) {
      const list = rectsOf(rows, left, right, width);
      const scale = width / (right - left);
      const drawn = new Set<string>();
      for (let i = 0; i < list.count; i++) {
        const first = Math.max(0, Math.floor(list.x[i] as number));
        for (let x = first; x < Math.min(width, (list.x[i] as number) + (list.width[i] as number)); x++) drawn.add(`${list.row[i]} ${x}`);
      }
      // Every span that begins in sight has its first pixel drawn.
      for (let place = 0; place < rows.span.length; place++) {
        const start = ((rows.from[place] as number) - left) * scale;
        if (start < 0 || start >= width) continue;
        expect(drawn.has(`${row[rows.span[place] as number]} ${Math.floor(start)}`), `place ${place}`).toBe(true);
      }
    }
  });

  it('is at most two rectangles a pixel and row, however many spans there are', () => {
    const trace = wideTrace(100_000, false);
    const rows = placesOf(trace);
    const list = rectsOf(rows, 0, 100_000, 500);
    expect(list.count).toBeLessThanOrEqual(2 * 2 * 502);
    let spans = 0;
    for (let i = 0; i < list.count; i++) spans += list.length[i] as number;
    expect(spans).toBe(100_001);
  });

  it('ends where zooming is finer than the numbers of the clock', () => {
    const fn = madeFunction(0);
    const start = 1e12;
    const spans = [0, 0, 0, 1e-4].map((offset, i) => madeSpan(i + 1, 0, fn, start + offset));
    const rows = placesOf(madeTrace(spans, start + 1));
    expect(rectsOf(rows, start, start + 1e-9, 1000).count).toBeGreaterThan(0);
  });
});

describe('searching in a row', () => {
  it('gallops to the same place as bisection finds', () => {
    const times = Float64Array.from({ length: 1000 }, (_, i) => Math.floor(i / 3));
    for (let time = -1; time < 340; time += 0.5) {
      for (const low of [0, 1, 10, 999]) expect(gallopTo(times, time, low, 1000)).toBe(firstAbove(times, time, low, 1000));
    }
  });
});
