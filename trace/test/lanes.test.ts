import { describe, expect, test } from 'vitest';
import { assignTracks, layoutRows } from '../src/lanes.ts';
import { createRandom } from './random.ts';

interface Spans {
  readonly start: number[];
  readonly end: number[];
  readonly parent: number[];
}

/** `[start, end, parent]` each. */
function spans(...list: readonly (readonly [number, number, number])[]): Spans {
  return { start: list.map(([start]) => start), end: list.map(([, end]) => end), parent: list.map(([, , parent]) => parent) };
}

function randomSpans(seed: number, count: number, hostile: boolean): Spans {
  const random = createRandom(seed);
  const list: [number, number, number][] = [];
  let clock = 0;
  for (let i = 0; i < count; i++) {
    clock += random(3);
    const begin = hostile ? random(100) : clock;
    const parent = hostile ? random(count + 2) - 1 : random(i + 1) - 1;
    list.push([begin, random(10) === 0 ? Number.NaN : begin + random(30) - (hostile ? 10 : 0), parent]);
  }
  return spans(...list);
}

/** What counts as the interval of a span: an open one lasts to the end of all. */
function intervals({ start, end }: Spans): (readonly [number, number])[] {
  const latest = Math.max(0, ...start, ...end.filter((time) => !Number.isNaN(time)));
  return start.map((from, i) => [from, Math.max(from, Number.isNaN(end[i] as number) ? latest : (end[i] as number))]);
}

const SEEDS = Array.from({ length: 30 }, (_, seed) => [seed, seed % 2 === 1] as const);

describe('layoutRows', () => {
  test('calls one after the other share a row under their caller', () => {
    const { start, end, parent } = spans([0, 10, -1], [1, 3, 0], [3, 5, 0], [4, 5, 2]);
    expect(layoutRows(start, end, parent)).toEqual({
      row: Int32Array.of(0, 1, 1, 2),
      rows: 3,
      extentEnd: Float64Array.of(10, 3, 5, 5),
    });
  });

  test('a call that runs beside another goes below all that the other contains', () => {
    const { start, end, parent } = spans([0, 10, -1], [1, 8, 0], [2, 9, 0], [3, 4, 1], [8, 9, 0]);
    expect([...layoutRows(start, end, parent).row]).toEqual([0, 1, 3, 2, 1]);
  });

  test('work that goes on behind the end of its caller keeps the row of the caller and below taken', () => {
    const { start, end, parent } = spans([0, 2, -1], [1, 9, 0], [4, 5, -1]);
    expect(layoutRows(start, end, parent)).toMatchObject({ row: Int32Array.of(0, 1, 2), rows: 3 });
  });

  test('an open span lasts to the end of all', () => {
    const { start, end, parent } = spans([0, Number.NaN, -1], [4, 5, -1]);
    expect([...layoutRows(start, end, parent).row]).toEqual([0, 1]);
  });

  test.each(SEEDS)('spans of one row never overlap and stand below their parents (seed %i, hostile: %s)', (seed, hostile) => {
    const input = randomSpans(seed, 120, hostile);
    const { row, rows } = layoutRows(input.start, input.end, input.parent);
    const times = intervals(input);
    expect(Math.max(...row)).toBe(rows - 1);
    const wrong: string[] = [];
    for (let i = 0; i < row.length; i++) {
      const parent = input.parent[i] as number;
      if (parent >= 0 && parent < i && (row[i] as number) <= (row[parent] as number)) wrong.push(`${i} is not below ${parent}`);
      const [from, to] = times[i] as readonly [number, number];
      for (let j = 0; j < i; j++) {
        const [otherFrom, otherTo] = times[j] as readonly [number, number];
        if (row[i] === row[j] && from < otherTo && otherFrom < to) wrong.push(`${i} overlaps ${j}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  test('takes a recursion of a million spans and a hundred thousand calls at once without a deep stack', () => {
    const deep = 1_000_000;
    const chain = layoutRows(
      Float64Array.from({ length: deep }, (_, i) => i),
      Float64Array.from({ length: deep }, (_, i) => 2 * deep - i),
      Int32Array.from({ length: deep }, (_, i) => i - 1),
    );
    expect(chain.rows).toBe(deep);
    const wide = 100_000;
    const fan = layoutRows(new Float64Array(wide), new Float64Array(wide).fill(5), new Int32Array(wide).fill(-1));
    expect(fan.rows).toBe(wide);
  });

  test('no spans take no rows', () => {
    expect(layoutRows([], [], [])).toEqual({ row: new Int32Array(0), rows: 0, extentEnd: new Float64Array(0) });
  });
});

describe('assignTracks', () => {
  test('nested calls stay on one track, and a track that is free again is used again', () => {
    const { start, end, parent } = spans([0, 20, -1], [1, 8, 0], [2, 9, 0], [3, 4, 2], [9, 12, 0], [10, 14, 0]);
    expect(assignTracks(start, end, parent)).toEqual({ track: Int32Array.of(0, 0, 1, 1, 0, 1), tracks: 2 });
  });

  test('what outlasts its caller leaves the track', () => {
    const { start, end, parent } = spans([0, 5, -1], [1, 9, 0], [2, 3, 1]);
    expect([...assignTracks(start, end, parent).track]).toEqual([0, 1, 1]);
  });

  test.each(SEEDS)('any two spans of a track nest or do not overlap (seed %i, hostile: %s)', (seed, hostile) => {
    const input = randomSpans(seed, 120, hostile);
    const { track, tracks } = assignTracks(input.start, input.end, input.parent);
    const times = intervals(input);
    expect(Math.max(...track)).toBe(tracks - 1);
    const wrong: string[] = [];
    for (let i = 0; i < track.length; i++) {
      const [from, to] = times[i] as readonly [number, number];
      for (let j = 0; j < i; j++) {
        const [otherFrom, otherTo] = times[j] as readonly [number, number];
        if (track[i] !== track[j]) continue;
        const apart = from >= otherTo || otherFrom >= to;
        const nested = (from <= otherFrom && otherTo <= to) || (otherFrom <= from && to <= otherTo);
        if (!apart && !nested) wrong.push(`${i} crosses ${j}`);
      }
    }
    expect(wrong).toEqual([]);
  });
});
