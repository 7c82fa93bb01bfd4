import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { predictionInterval, predictionTail } from '../../src/stats/prediction-interval.ts';
import { createRandom } from '../../src/stats/seeded-random.ts';

const positive = fc.double({ min: 0.01, max: 100, noNaN: true });

describe('predictionInterval', () => {
  it('is mean ± t s sqrt(1 + 1/n) of the logarithms', () => {
    const history = [-1, 0, 1].map(Math.exp);
    const margin = 4.30265273 * Math.sqrt(4 / 3);
    const { value, low, high } = predictionInterval(history, { confidence: 0.95 });
    expect(value).toBeCloseTo(1, 12);
    expect(Math.log(low ?? 0)).toBeCloseTo(-margin, 7);
    expect(Math.log(high ?? 0)).toBeCloseTo(margin, 7);
  });

  // Hahn and Meeker, table A.13: the factors t sqrt(1 + 1/n) for one new value at 95 %.
  it.each([
    [5, 3.041],
    [10, 2.373],
    [20, 2.145],
    [60, 2.018],
  ])('of %d values reaches %d standard deviations, as tabled', (n, factor) => {
    const logs = Array.from({ length: n }, (_, i) => Math.sin(3 * i));
    const mean = logs.reduce((sum, log) => sum + log, 0) / n;
    const sd = Math.sqrt(logs.reduce((sum, log) => sum + (log - mean) ** 2, 0) / (n - 1));
    const { high } = predictionInterval(logs.map(Math.exp), { confidence: 0.95 });
    expect((Math.log(high ?? 0) - mean) / sd).toBeCloseTo(factor, 3);
  });

  it('has no bounds for one value', () => {
    expect(predictionInterval([3], { confidence: 0.95 })).toEqual({ value: 3, low: null, high: null });
  });

  it.each([8, 20])('holds the next value after %d in 10,000 histories', (n) => {
    const random = createRandom(4, 'prediction', n);
    let inside = 0;
    let passed = 0;
    for (let set = 0; set < 10_000; set++) {
      const history = Array.from({ length: n }, () => 20 * Math.exp(0.1 * random.normal()));
      const next = 20 * Math.exp(0.1 * random.normal());
      const { low, high } = predictionInterval(history, { confidence: 0.95 });
      if ((low ?? Number.NaN) <= next && next <= (high ?? Number.NaN)) inside++;
      if (predictionTail(history, next) < 0.05) passed++;
    }
    expect(inside / 10_000).toBeGreaterThanOrEqual(0.94);
    expect(inside / 10_000).toBeLessThanOrEqual(0.96);
    expect(passed / 10_000).toBeLessThanOrEqual(0.06);
  });
});

describe('predictionTail', () => {
  it('is half of what the interval leaves out at its upper end', () => {
    const history = fc.uniqueArray(positive, { minLength: 3, maxLength: 20 });
    fc.assert(
      fc.property(history, fc.double({ min: 0.1, max: 0.99, noNaN: true }), (history, confidence) => {
        const { value, low, high } = predictionInterval(history, { confidence });
        fc.pre((high ?? 1) / (low ?? 1) > 1.0001 && Number.isFinite(high) && (low ?? 0) > 1e-300);
        expect(predictionTail(history, high ?? 0)).toBeCloseTo((1 - confidence) / 2, 6);
        expect(predictionTail(history, low ?? 0)).toBeCloseTo((1 + confidence) / 2, 6);
        expect(predictionTail(history, value)).toBeCloseTo(0.5, 6);
      }),
    );
  });

  it('is certain where the past never varied', () => {
    expect([2.1, 2.1000001, 2].map((value) => predictionTail([2.1, 2.1, 2.1], value))).toEqual([1, 0, 1]);
  });

  it('refuses what cannot be told', () => {
    expect(() => predictionTail([1], 1)).toThrow(RangeError);
    expect(() => predictionTail([1, 2], 0)).toThrow(RangeError);
    expect(() => predictionTail([1, -2], 1)).toThrow(RangeError);
    expect(() => predictionInterval([], { confidence: 0.95 })).toThrow(RangeError);
    expect(() => predictionInterval([1, 2], { confidence: 1 })).toThrow(RangeError);
  });
});
