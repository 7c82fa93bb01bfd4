import { describe, expect, it } from 'vitest';
import { logInterval } from '../../src/stats/log-interval.ts';
import { createRandom } from '../../src/stats/seeded-random.ts';

describe('logInterval', () => {
  it('is the geometric mean with the textbook t interval', () => {
    // log2 of the values is 0, 1, 2: mean 1, standard deviation 1, t(0.975, 2) = 4.30265273.
    const { value, low, high } = logInterval([1, 2, 4]);
    const margin = 4.30265273 / Math.sqrt(3);
    expect(value).toBeCloseTo(2, 12);
    expect(low).toBeCloseTo(2 ** (1 - margin), 8);
    expect(high).toBeCloseTo(2 ** (1 + margin), 6);
  });

  it('widens with the confidence', () => {
    expect(logInterval([1, 2, 4], 0.99).high).toBeGreaterThan(logInterval([1, 2, 4]).high ?? Number.NaN);
  });

  it('has no bounds for one value, and no width for equal values', () => {
    expect(logInterval([0.3])).toEqual({ value: 0.3, low: null, high: null });
    const { low, high } = logInterval([5, 5, 5]);
    expect(low).toBeCloseTo(5, 12);
    expect(high).toBeCloseTo(5, 12);
  });

  it.each([[[]], [[1, 0]], [[1, -2]], [[Number.NaN]], [[1, Number.POSITIVE_INFINITY]]])('refuses %j', (values) => {
    expect(() => logInterval(values)).toThrow(RangeError);
  });

  it.each([3, 5, 10])('covers the true median of %d log-normal blocks', (blocks) => {
    const random = createRandom(1, 'log-interval', blocks);
    const sets = 10_000;
    let covered = 0;
    for (let set = 0; set < sets; set++) {
      const { low, high } = logInterval(Array.from({ length: blocks }, () => 7 * Math.exp(0.2 * random.normal())));
      if (low !== null && high !== null && low <= 7 && 7 <= high) covered++;
    }
    expect(covered / sets).toBeGreaterThanOrEqual(0.94);
    expect(covered / sets).toBeLessThanOrEqual(0.96);
  });
});
