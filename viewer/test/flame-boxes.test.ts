import { mergeCalls, type MergedCalls } from '@captureflow/trace';
import { describe, expect, it } from 'vitest';
import { flameBoxes, rowCount } from '../src/views/merged/flame-boxes.ts';

/** Spans as `[parent, function, start, end]`. */
function merged(...spans: readonly (readonly [number, number, number, number])[]): MergedCalls {
  return mergeCalls({
    count: spans.length,
    parent: Int32Array.from(spans, ([parent]) => parent),
    functionIndex: Uint32Array.from(spans, ([, index]) => index),
    start: Float64Array.from(spans, ([, , start]) => start),
    end: Float64Array.from(spans, ([, , , end]) => end),
    flags: new Uint16Array(spans.length),
  });
}

function texts(calls: MergedCalls, focus: number, width = 100, firstRow = 0, endRow = 100): string[] {
  const boxes = flameBoxes(calls, { focus, width, firstRow, endRow });
  return Array.from({ length: boxes.count }, (_, at) => `${boxes.row[at]}: ${boxes.node[at]} ${boxes.x[at]}+${boxes.width[at]}`).sort();
}

describe('boxes of a merged flame graph', () => {
  const calls = merged([-1, 0, 0, 100], [0, 1, 0, 20], [0, 2, 20, 80], [2, 3, 20, 30]);

  it('stand under their caller, the heaviest to the left, as wide as their time', () => {
    expect(texts(calls, 0)).toEqual(['0: 0 0+100', '1: 1 0+100', '2: 2 60+20', '2: 3 0+60', '3: 4 0+10']);
  });

  it('fill the width when they are in focus, and so do their callers', () => {
    expect(texts(calls, 3)).toEqual(['0: 0 0+100', '1: 1 0+100', '2: 3 0+100', '3: 4 0+16.666666666666668']);
  });

  it('are made for the rows in sight only', () => {
    expect(texts(calls, 0, 100, 2, 3)).toEqual(['2: 2 60+20', '2: 3 0+60']);
  });

  it('that are too narrow are drawn as one', () => {
    const narrow = merged([-1, 0, 0, 1000], ...Array.from({ length: 500 }, (_, i) => [0, i + 1, i, i + 1] as const));
    expect(texts(narrow, 0)).toEqual(['0: 0 0+100', '1: 1 0+100', '2: -2 0+50']);
  });

  it('of 100,000 levels are made without overflowing the stack', () => {
    const deep = merged(...Array.from({ length: 100_000 }, (_, i) => [i - 1, 0, i, 300_000 - i] as const));
    expect(rowCount(deep)).toBe(100_001);
    expect(flameBoxes(deep, { focus: 0, width: 1000, firstRow: 49_990, endRow: 50_010 }).count).toBe(20);
  });

  it('of an empty trace are the root', () => {
    expect(texts(merged(), 0)).toEqual(['0: 0 0+100']);
  });
});
