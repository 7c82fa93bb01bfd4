import { describe, expect, it } from 'vitest';
import { chiSquaredQuantile } from '../../src/stats/chi-squared.ts';
import { createRandom } from '../../src/stats/seeded-random.ts';
import { upperDeviation } from '../../src/stats/upper-deviation.ts';

describe('chiSquaredQuantile', () => {
  // NIST/SEMATECH e-Handbook 1.3.6.7.4.
  it.each([
    [0.95, 1, 3.841],
    [0.99, 4, 13.277],
    [0.9, 10, 15.987],
    [0.05, 4, 0.711],
    [0.1, 9, 4.168],
    [0.025, 30, 16.791],
    [0.99, 100, 135.807],
    [0.01, 100, 70.065],
  ])('at %d with %d degrees of freedom is %d, as tabled', (p, degreesOfFreedom, expected) => {
    expect(Math.abs(chiSquaredQuantile(p, degreesOfFreedom) - expected)).toBeLessThan(6e-4);
  });

  it('is the closed form for two degrees of freedom', () => {
    for (const p of [1e-9, 0.01, 0.2, 0.5, 0.999999]) {
      expect(chiSquaredQuantile(p, 2) / (-2 * Math.log1p(-p))).toBeCloseTo(1, 9);
    }
  });

  it('refuses what has no quantile', () => {
    for (const p of [0, 1, Number.NaN]) expect(() => chiSquaredQuantile(p, 3)).toThrow(RangeError);
    for (const df of [0, -1, Infinity]) expect(() => chiSquaredQuantile(0.5, df)).toThrow(RangeError);
  });
});

describe('upperDeviation', () => {
  it('is the standard deviation times sqrt((n - 1) / chi2)', () => {
    // Five values with a standard deviation of 1.5811; the 5 % quantile with 4 degrees of freedom is 0.7107.
    expect(upperDeviation([1, 2, 3, 4, 5], 0.95)).toBeCloseTo(Math.sqrt(2.5 * (4 / 0.710723)), 5);
    expect(upperDeviation([3, 3, 3])).toBe(0);
  });

  it.each([3, 5, 12])('lies above the true one as often as it says, from %d values', (n) => {
    const random = createRandom(6, 'deviation', n);
    let above = 0;
    for (let set = 0; set < 10_000; set++) {
      if (upperDeviation(Array.from({ length: n }, () => 3 + 2 * random.normal())) >= 2) above++;
    }
    expect(above / 10_000).toBeGreaterThanOrEqual(0.79);
    expect(above / 10_000).toBeLessThanOrEqual(0.81);
  });

  it('refuses what has no spread', () => {
    expect(() => upperDeviation([1])).toThrow(RangeError);
    expect(() => upperDeviation([1, Number.NaN])).toThrow(RangeError);
    expect(() => upperDeviation([1, 2], 0)).toThrow(RangeError);
  });
});
