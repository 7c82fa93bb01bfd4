import { describe, expect, it } from 'vitest';
import { createRandom } from '../../src/stats/seeded-random.ts';
import { wilsonInterval } from '../../src/stats/wilson-interval.ts';

describe('wilsonInterval', () => {
  // statsmodels 0.14, proportion_confint(method='wilson'); 81 of 263 and 15 of 148 are Newcombe's examples (1998).
  it.each([
    [0, 10, 0, 0.27753279986288926],
    [1, 10, 0.017876213095072924, 0.40415002679523854],
    [81, 263, 0.2552885198782742, 0.36620957698280004],
    [15, 148, 0.06238639953073628, 0.16048724172330803],
    [10, 10, 0.7224672001371106, 1],
    [9815, 10_000, 0.9786680814268851, 0.9839621281421533],
  ])('of %d in %d is as statsmodels has it', (successes, n, low, high) => {
    const interval = wilsonInterval(successes, n);
    expect(interval.value).toBe(successes / n);
    expect(interval.low).toBeCloseTo(low, 12);
    expect(interval.high).toBeCloseTo(high, 12);
  });

  it('covers a rare proportion of few samples', () => {
    const random = createRandom(0, 'wilson');
    let covered = 0;
    for (let trial = 0; trial < 4000; trial++) {
      let hits = 0;
      for (let i = 0; i < 60; i++) hits += random.next() < 0.05 ? 1 : 0;
      const { low, high } = wilsonInterval(hits, 60);
      if ((low ?? 1) <= 0.05 && 0.05 <= (high ?? 0)) covered++;
    }
    expect(covered / 4000).toBeGreaterThan(0.93);
    expect(covered / 4000).toBeLessThan(0.985);
  });

  it.each([
    [0, 0],
    [-1, 5],
    [6, 5],
    [Number.NaN, 5],
  ])('refuses %d of %d', (successes, n) => {
    expect(() => wilsonInterval(successes, n)).toThrow(RangeError);
  });
});
