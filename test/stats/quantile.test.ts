import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { median, quantileOfSorted } from '../../src/stats/quantile.ts';

const sample = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 40 });

describe('quantileOfSorted', () => {
  // R: quantile(c(1, 2, 4, 8, 16), c(0, .1, .25, .5, .9, .99, 1)), whose default is type 7.
  it.each([
    [0, 1],
    [0.1, 1.4],
    [0.25, 2],
    [0.5, 4],
    [0.9, 12.8],
    [0.99, 15.68],
    [1, 16],
  ])('is R type 7 at %d', (p, expected) => {
    expect(quantileOfSorted([1, 2, 4, 8, 16], p)).toBeCloseTo(expected, 12);
  });

  it('reads typed arrays and single values', () => {
    expect(quantileOfSorted(Float64Array.of(1, 2), 0.25)).toBe(1.25);
    expect(quantileOfSorted([7], 0.99)).toBe(7);
  });

  it('never leaves the range and never falls as p grows', () => {
    fc.assert(
      fc.property(
        sample,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (values, p, q) => {
          const sorted = values.toSorted((a, b) => a - b);
          const low = quantileOfSorted(sorted, Math.min(p, q));
          const high = quantileOfSorted(sorted, Math.max(p, q));
          const rounding = 1e-9;
          expect(low).toBeGreaterThanOrEqual(Math.min(...values) - rounding);
          expect(high).toBeLessThanOrEqual(Math.max(...values) + rounding);
          expect(high).toBeGreaterThanOrEqual(low - rounding);
        },
      ),
    );
  });

  it('refuses an empty sample and a fraction outside [0, 1]', () => {
    expect(() => quantileOfSorted([], 0.5)).toThrow(RangeError);
    expect(() => quantileOfSorted([1], 1.01)).toThrow(RangeError);
    expect(() => quantileOfSorted([1], Number.NaN)).toThrow(RangeError);
  });
});

describe('median', () => {
  it('is the middle, or the middle of the middle two, sorted as numbers', () => {
    expect(median([10, 9, 100])).toBe(10);
    expect(median([4, 1, 3, 2])).toBe(2.5);
  });

  it('leaves its argument as it is', () => {
    const values = [3, 1, 2];
    median(values);
    expect(values).toEqual([3, 1, 2]);
  });

  it('refuses an empty sample', () => {
    expect(() => median([])).toThrow(RangeError);
  });
});
