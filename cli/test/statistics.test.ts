import { describe, expect, it } from 'vitest';
import { interval, median, quantile } from '../src/measure/statistics.ts';

describe('the figures of a bench', () => {
  it('take the middle of an odd and of an even number of values, in any order', () => {
    expect([median([3, 1, 2]), median([4, 1, 3, 2])]).toEqual([2, 2.5]);
  });

  it('interpolate between two values', () => {
    expect([quantile([0, 10], 0.25), quantile([5], 0.9)]).toEqual([2.5, 5]);
  });

  it('have an interval that holds the median, narrows with agreement and is the same each time', () => {
    const wide = interval([1, 2, 3, 4, 5, 6, 7]);
    expect(wide[0]).toBeLessThan(4);
    expect(wide[1]).toBeGreaterThan(4);
    expect(interval([1, 2, 3, 4, 5, 6, 7])).toEqual(wide);
    expect(interval([2, 2, 2, 2])).toEqual([2, 2]);
  });
});
