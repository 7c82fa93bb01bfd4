import { expect, test } from 'vitest';
import { curveFactor, independentProduct, inverse, product, withRange } from '../../../src/cost/fleet/intervals.ts';
import { createRandom } from '../../../src/stats/seeded-random.ts';
import { curveOf } from './sketch-curve.ts';

const range = { factor: 2, low: 1, high: 4 };
const here = { factor: 1, low: 1, high: 1 };

test('the middle 95 % of the curves, over the curve itself', () => {
  const drawFactors = Array.from({ length: 401 }, (_, i) => 0.8 + i * 0.001);
  const factor = curveFactor(curveOf({ drawFactors }), 4);
  expect(factor.value).toBe(1);
  expect(factor.low).toBeCloseTo(0.81, 12);
  expect(factor.high).toBeCloseTo(1.19, 12);
});

test('a range widens what was measured on both sides', () => {
  expect(withRange({ value: 10, low: 9, high: 12 }, range)).toEqual({ value: 20, low: 9, high: 48 });
  expect(withRange({ value: 10, low: 9, high: 12 }, here)).toEqual({ value: 10, low: 9, high: 12 });
});

test('one round has no interval on its own machine, and a range elsewhere', () => {
  const single = { value: 10, low: null, high: null };
  expect(withRange(single, here)).toEqual(single);
  expect(withRange(single, range)).toEqual({ value: 20, low: 10, high: 40 });
});

test('rates have the bounds of times the other way round', () => {
  expect(inverse({ value: 2, low: 1, high: 4 })).toEqual({ value: 0.5, low: 0.25, high: 1 });
  expect(inverse({ value: 2, low: 1, high: null })).toEqual({ value: 0.5, low: null, high: 1 });
});

test('bound by bound, or none where one is missing', () => {
  expect(product({ value: 2, low: 1, high: 3 }, { value: 5, low: 4, high: 6 })).toEqual({
    value: 10,
    low: 4,
    high: 18,
  });
  expect(product({ value: 2, low: 1, high: null }, { value: 5, low: 4, high: 6 })).toEqual({
    value: 10,
    low: 4,
    high: null,
  });
});

test('independent errors of two factors cover their product as often as each covers its own', () => {
  const random = createRandom(1);
  const [first, second] = [0.05, 0.12];
  const around = (value: number, sigma: number) => ({
    value,
    low: value * Math.exp(-1.96 * sigma),
    high: value * Math.exp(1.96 * sigma),
  });
  let covered = 0;
  for (let i = 0; i < 4000; i++) {
    const one = around(3 * Math.exp(first * random.normal()), first);
    const other = around(7 * Math.exp(second * random.normal()), second);
    const { low, high } = independentProduct(one, other);
    if (low !== null && high !== null && low <= 21 && 21 <= high) covered += 1;
  }
  expect(covered / 4000).toBeGreaterThan(0.94);
  expect(covered / 4000).toBeLessThan(0.96);
});
