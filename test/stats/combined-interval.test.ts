import { describe, expect, it } from 'vitest';
import {
  dependentSum,
  exactly,
  independentDifference,
  independentRatio,
  scaledInterval,
} from '../../src/stats/combined-interval.ts';
import { z95 } from '../../src/stats/normal.ts';
import { createRandom } from '../../src/stats/seeded-random.ts';

/** Of a normal figure: its value, give or take 1.96 standard errors. */
const normal = (value: number, error: number) => ({ value, low: value - z95 * error, high: value + z95 * error });
const single = { value: 3, low: null, high: null };

describe('dependentSum', () => {
  it('adds bound by bound', () => {
    expect(dependentSum([{ value: 2, low: 1, high: 4 }, exactly(10)])).toEqual({ value: 12, low: 11, high: 14 });
    expect(dependentSum([])).toEqual({ value: 0, low: 0, high: 0 });
  });

  it('has no bounds where a term has none', () => {
    expect(dependentSum([single, exactly(1)])).toEqual({ value: 4, low: null, high: null });
  });
});

describe('scaledInterval', () => {
  it('scales value and bounds', () => {
    expect(scaledInterval({ value: 2, low: 1, high: 4 }, 3)).toEqual({ value: 6, low: 3, high: 12 });
    expect(scaledInterval(single, 2)).toEqual({ value: 6, low: null, high: null });
  });
});

describe('independentDifference', () => {
  it('is the one of two normal figures, whose variances add up', () => {
    const { value, low, high } = independentDifference(normal(10, 0.3), normal(4, 0.4));
    expect(value).toBe(6);
    expect(low).toBeCloseTo(6 - z95 * 0.5, 12);
    expect(high).toBeCloseTo(6 + z95 * 0.5, 12);
  });

  it('is as wide as one figure where the other is exact, and keeps its lopsidedness', () => {
    expect(independentDifference({ value: 10, low: 9, high: 14 }, exactly(4))).toEqual({ value: 6, low: 5, high: 10 });
    expect(independentDifference(exactly(10), { value: 4, low: 3, high: 8 })).toEqual({ value: 6, low: 2, high: 7 });
  });

  it('has no bounds where one of both has none', () => {
    expect(independentDifference(single, exactly(1))).toEqual({ value: 2, low: null, high: null });
    expect(independentDifference(exactly(4), single)).toEqual({ value: 1, low: null, high: null });
  });
});

describe('independentRatio', () => {
  it('covers the ratio of two log-normal figures in 95 of 100 experiments', () => {
    const random = createRandom(0, 'ratio');
    const measured = (truth: number, error: number) => {
      const log = Math.log(truth) + error * random.normal();
      return { value: Math.exp(log), low: Math.exp(log - z95 * error), high: Math.exp(log + z95 * error) };
    };
    let covered = 0;
    for (let experiment = 0; experiment < 4000; experiment++) {
      const { low, high } = independentRatio(measured(0.3, 0.05), measured(0.8, 0.12));
      if (low !== null && high !== null && low <= 0.375 && 0.375 <= high) covered++;
    }
    // The standard error of a share of 0.95 among 4,000 is 0.0034.
    expect(covered / 4000).toBeGreaterThan(0.94);
    expect(covered / 4000).toBeLessThan(0.96);
  });

  it('has no bounds where one of both has none', () => {
    expect(independentRatio(single, exactly(2))).toEqual({ value: expect.closeTo(1.5, 12), low: null, high: null });
  });
});
