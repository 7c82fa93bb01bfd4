import { expect, it } from 'vitest';
import { midmean } from '../../src/stats/midmean.ts';

it('is the mean of the middle half', () => {
  expect(midmean([1, 100, 3, 5])).toBe(4);
  expect(midmean([7])).toBe(7);
  expect(midmean([0, 1, 2, 3, 4, 5, 6, 1e9])).toBe(3.5);
  expect(() => midmean([])).toThrow(RangeError);
});
