import { expect, it } from 'vitest';
import { meanInterval } from '../../src/stats/mean-interval.ts';

it('gives a mean its interval by Student', () => {
  // t(0.975, 2) = 4.302653, standard error 1 / sqrt(3).
  const { value, low, high } = meanInterval([1, 2, 3]);
  expect(value).toBe(2);
  expect(low).toBeCloseTo(2 - 4.302653 / Math.sqrt(3), 5);
  expect(high).toBeCloseTo(2 + 4.302653 / Math.sqrt(3), 5);
  expect(meanInterval([5])).toEqual({ value: 5, low: null, high: null });
  expect(() => meanInterval([])).toThrow(RangeError);
});
