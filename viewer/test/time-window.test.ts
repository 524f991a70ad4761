/** Moves of the visible range, and the marks of the axis above it. */
import { describe, expect, it } from 'vitest';
import { tickLabel, ticksBetween } from '../src/views/chart/time-axis.ts';
import { around, panned, zoomed } from '../src/views/chart/time-window.ts';

const extent = { from: 0, to: 100 };

describe('the visible range', () => {
  it('zooms around the time that stays where it is', () => {
    expect(zoomed(extent, extent, 0.5, 20)).toEqual({ from: 10, to: 60 });
    expect(zoomed({ from: 10, to: 60 }, extent, 2, 20)).toEqual(extent);
  });

  it('never leaves the trace, and never becomes empty', () => {
    expect(panned({ from: 10, to: 60 }, extent, -50)).toEqual({ from: 0, to: 50 });
    expect(panned({ from: 10, to: 60 }, extent, 500)).toEqual({ from: 50, to: 100 });
    let range = extent;
    for (let i = 0; i < 500; i++) range = zoomed(range, extent, 0.5, 33);
    expect(range.to).toBeGreaterThan(range.from);
    expect(zoomed({ from: 10, to: 20 }, extent, 1000, 15)).toEqual(extent);
  });

  it('around a span leaves room beside it, also when the span has no duration', () => {
    expect(around({ from: 40, to: 60 }, extent)).toEqual({ from: 39, to: 61 });
    expect(around({ from: 0, to: 100 }, extent)).toEqual(extent);
    const point = around({ from: 5, to: 5 }, extent);
    expect(point.to).toBeGreaterThan(point.from);
  });
});

describe('the axis', () => {
  it('has round marks, about as many as there is room for', () => {
    expect(ticksBetween(0, 100, 8)).toEqual({ first: 0, step: 20, count: 6 });
    expect(ticksBetween(13, 14, 5)).toEqual({ first: 13, step: 0.2, count: 6 });
    expect(ticksBetween(5, 5, 5).count).toBe(0);
  });

  it('labels all marks with one unit and the digits that tell them apart', () => {
    expect(tickLabel(0.2, 0.2, 1.4)).toBe('0.2 ms');
    expect(tickLabel(2000, 500, 4000)).toBe('2.0 s');
    expect(tickLabel(0.0005, 0.0001, 0.001)).toBe('0.5 µs');
  });
});
