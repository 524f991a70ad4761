import { describe, expect, it } from 'vitest';
import { ExampleBook, FIRST_EXAMPLES } from '../src/example-book.ts';
import { returnShape, throwShape } from '../src/outcome-shape.ts';

class Order {
  id = 1;
  lines: unknown[] = [];
}

describe('the shape of an outcome', () => {
  it.each<[unknown, unknown]>([
    [1, 2],
    ['a', 'b'],
    [{ id: 1 }, { id: 2 }],
    [new Order(), new Order()],
    [
      [1, 2, 3],
      [4, 5, 6, 7],
    ],
    [new Map([[1, 2]]), new Map()],
  ])('is the same for %j and %j', (one, other) => {
    expect(returnShape(one)).toBe(returnShape(other));
  });

  it.each<[unknown, unknown]>([
    [1, '1'],
    [1, Number.NaN],
    [true, false],
    [null, undefined],
    ['', 'a'],
    [[], [1]],
    [[1], ['a']],
    [{ id: 1 }, { id: '1' }],
    [{ id: 1 }, { id: 1, error: 'x' }],
    [new Order(), { id: 1, lines: [] }],
    [new Map(), new Set()],
  ])('tells %j from %j', (one, other) => {
    expect(returnShape(one)).not.toBe(returnShape(other));
  });

  it('of a throw is the class of the error', () => {
    expect(throwShape(new TypeError('a'))).toBe(throwShape(new TypeError('b')));
    expect(throwShape(new TypeError('a'))).not.toBe(throwShape(new RangeError('a')));
    expect(throwShape('text')).not.toBe(returnShape('text'));
  });

  it('runs no code of the value', () => {
    const ran: string[] = [];
    const value = {
      get secret(): string {
        ran.push('getter');
        return '';
      },
      toString: (): string => String(ran.push('toString')),
    };
    const proxy = new Proxy({}, { ownKeys: () => (ran.push('trap'), []), getPrototypeOf: () => (ran.push('trap'), null) });
    expect(returnShape([value])).toBe('Array(1) Object');
    expect(returnShape(value)).toContain('secret:accessor');
    expect(returnShape({ proxy })).toContain('proxy:object');
    expect(ran).toEqual([]);
  });
});

describe('the book of examples', () => {
  it('takes the first calls of each function, then a few of each new outcome, and not the thousandth of the same', () => {
    const book = new ExampleBook();
    const taken = (outcome: string, times: number): number => {
      let count = 0;
      for (let i = 0; i < times; i++) if (book.note(1, outcome)) count++;
      return count;
    };
    expect(taken('number', 1000)).toBe(FIRST_EXAMPLES);
    expect(taken('throws TypeError', 1000)).toBe(3);
    expect(taken('number', 1000)).toBe(0);
    expect(book.note(2, 'number')).toBe(true);
  });

  it('is bounded: a function of which every outcome differs does not fill it for ever', () => {
    const book = new ExampleBook();
    let taken = 0;
    for (let i = 0; i < 10_000; i++) if (book.note(1, `shape ${i}`)) taken++;
    expect(taken).toBeLessThan(80);
  });
});
