import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binomialAtMost } from '../../src/stats/binomial.ts';
import { quantileInterval } from '../../src/stats/quantile-interval.ts';
import { createRandom } from '../../src/stats/seeded-random.ts';

const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1);

describe('quantileInterval', () => {
  // Conover, Practical Nonparametric Statistics, 3rd edition, and R's DescTools::MedianCI: ranks for the median at 95 %.
  it.each([
    [6, 1, 6],
    [10, 2, 9],
    [20, 6, 15],
    [50, 18, 33],
    [100, 40, 61],
  ])('of the median of %d values lies between the ranks %d and %d', (n, low, high) => {
    expect(quantileInterval(upTo(n), 0.5, { confidence: 0.95 })).toEqual({ value: (n + 1) / 2, low, high });
  });

  it('has no bound on a side with too few samples', () => {
    // 0.99^n <= 0.025 from n = 368 on.
    expect(quantileInterval(upTo(367), 0.99, { confidence: 0.95 })).toMatchObject({ low: 359, high: null });
    expect(quantileInterval(upTo(368), 0.99, { confidence: 0.95 }).high).toBe(368);
    expect(quantileInterval(upTo(5), 0.5, { confidence: 0.95 })).toEqual({ value: 3, low: null, high: null });
  });

  it('takes the innermost ranks whose tails are small enough', () => {
    const confidence = fc.double({ min: 0.5, max: 0.999, noNaN: true });
    const quantile = fc.double({ min: 0.02, max: 0.98, noNaN: true });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), quantile, confidence, (n, p, confidence) => {
        const tail = (1 - confidence) / 2;
        const lows = upTo(n).filter((rank) => binomialAtMost(rank - 1, { n, p }) <= tail);
        const highest = upTo(n).find((rank) => binomialAtMost(rank - 1, { n, p }) >= 1 - tail);
        const { value, low, high } = quantileInterval(upTo(n), p, { confidence });
        expect(low).toBe(lows.at(-1) === undefined ? null : Math.min(lows.at(-1) ?? 0, value));
        expect(high).toBe(highest === undefined ? null : Math.max(highest, value));
      }),
    );
  });

  it('is that of the distinct samples where each is there several times', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 80 }), fc.integer({ min: 2, max: 6 }), (n, copies) => {
        const repeated = Float64Array.from({ length: n * copies }, (_, i) => Math.floor(i / copies) + 1);
        const once = quantileInterval(upTo(n), 0.7, { confidence: 0.9 });
        const many = quantileInterval(repeated, 0.7, { confidence: 0.9, effectiveSamples: n });
        expect([many.low, many.high]).toEqual([once.low, once.high]);
      }),
    );
  });

  it.each([0.5, 0.9, 0.96])('covers the quantile %d in 10,000 sets', (p) => {
    const random = createRandom(5, 'quantile', p);
    const n = Math.max(20, Math.ceil(5 / (1 - p)));
    let covered = 0;
    for (let set = 0; set < 10_000; set++) {
      const sorted = Float64Array.from({ length: n }, () => random.next()).toSorted();
      const { low, high } = quantileInterval(sorted, p, { confidence: 0.95 });
      if ((low ?? -1) <= p && p <= (high ?? 1)) covered++;
    }
    expect(covered / 10_000).toBeGreaterThanOrEqual(0.94);
  });

  it('refuses what is no quantile of samples', () => {
    expect(() => quantileInterval([], 0.5, { confidence: 0.95 })).toThrow(RangeError);
    expect(() => quantileInterval([1], 1, { confidence: 0.95 })).toThrow(RangeError);
    expect(() => quantileInterval([1], 0.5, { confidence: 1 })).toThrow(RangeError);
    expect(() => quantileInterval([1], 0.5, { confidence: 0.95, effectiveSamples: Number.NaN })).toThrow(RangeError);
  });
});
