import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quantileOfSorted } from '../../src/stats/quantile.ts';
import { selectQuantile } from '../../src/stats/select-quantile.ts';

describe('selectQuantile', () => {
  it('is the quantile of the sorted values, also where many are equal', () => {
    const values = fc.oneof(
      fc.array(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), { minLength: 1, maxLength: 200 }),
      fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 200 }),
    );
    fc.assert(
      fc.property(values, fc.double({ min: 0, max: 1, noNaN: true }), (values, p) => {
        const sorted = Float64Array.from(values).toSorted();
        const moved = Float64Array.from(values);
        expect(selectQuantile(moved, p)).toBe(quantileOfSorted(sorted, p));
        // What it has moved about is still the same values, so that another quantile can follow.
        expect(moved.toSorted()).toEqual(sorted);
        expect(selectQuantile(moved, 1 - p)).toBe(quantileOfSorted(sorted, 1 - p));
      }),
    );
  });

  it.each([
    ['ascending', (i: number) => i],
    ['falling', (i: number) => -i],
    ['an organ pipe', (i: number) => Math.min(i, 20_000 - i)],
  ])('is right over %s values', (_, value) => {
    const values = Float64Array.from({ length: 20_001 }, (_, i) => value(i));
    expect(selectQuantile(values.slice(), 0.99)).toBe(quantileOfSorted(values.toSorted(), 0.99));
  });

  it('needs values and a fraction', () => {
    expect(() => selectQuantile(new Float64Array(0), 0.5)).toThrow(RangeError);
    expect(() => selectQuantile(new Float64Array(1), 1.1)).toThrow(RangeError);
  });
});
