import type { LineEvent, NamedValue } from '@captureflow/trace';
import { describe, expect, it } from 'vitest';
import { iterationsAt, lineHistory, nextHit, stepToIteration, valuesAt, type LineHistory } from '../src/views/source/line-history.ts';

const SOURCE = [
  'function report(rows) {', // 1
  '  let sum = 0;',
  '  for (const row of rows) {',
  '    let best = 9;',
  '    for (let tier = 0; tier < 2; tier++) {', // 5
  '      const price = row * tier;',
  '      if (price < best) best = price;',
  '    }',
  '    sum += best;',
  '  }', // 10
  '  return sum;',
  '}',
];

function named(values: Record<string, number>): NamedValue[] {
  return Object.entries(values).map(([name, value]) => ({ name, value: { kind: 'number', value } }));
}

function event(line: number, changed: Record<string, number> = {}): LineEvent {
  return { line, time: 0, changed: named(changed) };
}

const EVENTS = [
  event(2),
  event(3, { sum: 0 }),
  event(4, { row: 7 }),
  event(5, { best: 9 }),
  event(6, { tier: 0 }),
  event(7, { price: 0 }),
  event(6, { best: 0, tier: 1 }),
  event(7, { price: 7 }),
  event(9),
  event(4, { sum: 0, row: 8 }),
  event(5, { best: 9 }),
  event(6, { tier: 0 }),
  event(7, { price: 0 }),
  event(6, { best: 0, tier: 1 }),
  event(7, { price: 8 }),
  event(9),
  event(11, { sum: 5 }),
];

const history: LineHistory = lineHistory(EVENTS, (line) => SOURCE[line - 1], 1);

function shown(step: number): string[] {
  return [...valuesAt(history, step)].flatMap(([line, values]) =>
    [...values.values()].map(({ name, value }) => `${line} ${name}=${value.kind === 'number' ? value.value : value.kind}`),
  );
}

describe('the history of lines', () => {
  it('shows values on the line that set them, as of a step', () => {
    expect(shown(0)).toEqual(['2 sum=0']);
    expect(shown(2)).toEqual(['2 sum=0', '3 row=7', '4 best=9']);
    expect(shown(5)).toEqual(['2 sum=0', '3 row=7', '4 best=9', '5 tier=0', '6 price=0', '7 best=0']);
    expect(shown(6)).toContain('5 tier=1');
  });

  it('gives a loop variable to the head of its loop and a caught error to its catch', () => {
    const text = ['try {', '  f();', '} catch (error) {', '  log();', '}'];
    const { values } = lineHistory([event(2), event(4, { error: 1 })], (line) => text[line - 1], 1);
    expect(values.map(({ name, line }) => `${name} ${line}`)).toEqual(['error 3']);
  });

  it('finds loops by the jumps back, outer ones first', () => {
    expect(history.loops.map(({ first, last }) => `${first}-${last}`)).toEqual(['4-9', '6-7']);
  });

  it('numbers the iterations of each run of a loop', () => {
    expect(iterationsAt(history, 13).map(({ loop, iteration, iterations }) => `${loop.first}: ${iteration + 1} of ${iterations}`)).toEqual([
      '4: 2 of 2',
      '6: 2 of 2',
    ]);
    expect(iterationsAt(history, 0)).toEqual([]);
  });

  it('steps to the same line of the next and of the previous iteration', () => {
    const [outer, inner] = iterationsAt(history, 4);
    expect(stepToIteration(history, outer!, 4, 1)).toBe(11);
    expect(stepToIteration(history, inner!, 4, 1)).toBe(6);
    expect(stepToIteration(history, inner!, 4, -1)).toBe(4);
  });

  it('steps from hit to hit of one line', () => {
    expect(history.steps.get(7)).toHaveLength(4);
    expect(nextHit(history, 7, 5, 1)).toBe(7);
    expect(nextHit(history, 7, 5, -1)).toBeUndefined();
  });

  it('shows nothing on a line that a branch went past', () => {
    const text = ['function f(a) {', '  let sum = 1;', '  if (a) {', '    sum = 2;', '  }', '  return sum;'];
    const { values } = lineHistory([event(2), event(3, { sum: 1 }), event(6, { sum: 1 })], (line) => text[line - 1], 1);
    expect(values.map(({ name, line }) => `${name} ${line}`)).toEqual(['sum 2']);
  });

  it('takes a loop in one line as a loop', () => {
    const { loops } = lineHistory([event(2), event(2), event(2)], () => 'for (const a of b) sum += a;', 1);
    expect(loops.map(({ first, last, starts }) => [first, last, starts.length])).toEqual([[2, 2, 3]]);
  });

  it('takes two statements in one line as one visit and no loop', () => {
    const { loops, steps } = lineHistory([event(2), event(2), event(3)], () => 'if (a) b = 1;', 1);
    expect(loops).toEqual([]);
    expect(steps.get(2)).toEqual([0]);
  });

  it('gives a loop variable to its head although the last line of the loop names it', () => {
    const text = ['', 'for (const row of rows) {', '  use(row);', '}'];
    const events = [event(2), event(3, { row: 1 }), event(3, { row: 2 })];
    const { values } = lineHistory(events, (line) => text[line - 1], 1);
    expect(values.map(({ line, step }) => [line, step])).toEqual([
      [2, 1],
      [2, 2],
    ]);
  });

  it('gives an object that a line changed without assigning it to that line', () => {
    const text = ['const list = [];', 'for (const row of list) {', '  list.push(row);', '}'];
    const { loops, values } = lineHistory(
      [event(1), event(2, { list: 0 }), event(3, { row: 1 }), event(3, { list: 1, row: 2 })],
      (line) => text[line - 1],
      1,
    );
    expect(values.map(({ name, line }) => `${name} ${line}`)).toEqual(['list 1', 'row 2', 'list 3', 'row 2']);
    expect(loops).toMatchObject([{ first: 3, last: 3 }]);
  });

  it('puts what only the exit knows beside the last line, and says nothing twice', () => {
    const { values } = lineHistory([event(2), event(3, { sum: 1 })], (line) => SOURCE[line - 1], 1, named({ sum: 1, best: 3 }));
    expect(values.map(({ name, line }) => `${name} ${line}`)).toEqual(['sum 2', 'best 3']);
  });

  it('without a source puts values beside the line before', () => {
    const { values } = lineHistory([event(2), event(5, { sum: 1 })], () => undefined, 1);
    expect(values).toMatchObject([{ name: 'sum', line: 2, step: 0 }]);
  });

  it('takes any line number and any name', () => {
    const odd = `${'a'.repeat(1_000_000)}(`;
    const { values } = lineHistory([event(-5), event(Number.MAX_SAFE_INTEGER, { [odd]: 1, '[': 2 })], () => `for (const ${odd}[ = 1;`, -9);
    expect(values.map(({ line }) => line)).toEqual([-5, -5]);
  });

  it('of a call without line events is empty', () => {
    const empty = lineHistory([], () => undefined, 1, named({ sum: 1 }));
    expect(empty.values).toEqual([]);
    expect(iterationsAt(empty, 0)).toEqual([]);
  });
});
