import { describe, expect, it } from 'vitest';
import { pairedProportionInterval } from '../../src/stats/paired-proportion-interval.ts';
import { createRandom } from '../../src/stats/seeded-random.ts';

describe('pairedProportionInterval', () => {
  // The score inverted numerically in SciPy, its nuisance parameter by maximizing the multinomial likelihood rather than
  // by Tango's closed form.
  it.each([
    [12, 2, 50, 0.0611124, 0.3447087],
    [5, 12, 100, -0.1574156, 0.0118632],
    [3, 0, 40, -0.0191932, 0.1986423],
    [20, 35, 1000, -0.0303338, -0.0004804],
    [1, 1, 30, -0.139978, 0.139978],
  ])('of %d and %d among %d is that of the likelihood', (onlyFirst, onlySecond, n, low, high) => {
    const interval = pairedProportionInterval({ onlyFirst, onlySecond, n });
    expect(interval.value).toBeCloseTo((onlyFirst - onlySecond) / n, 14);
    expect(interval.low).toBeCloseTo(low, 6);
    expect(interval.high).toBeCloseTo(high, 6);
  });

  it('has its closed form where no pair differs', () => {
    const square = 1.959963984540054 ** 2;
    const { low, high } = pairedProportionInterval({ onlyFirst: 0, onlySecond: 0, n: 200 });
    expect(high).toBeCloseTo(square / (200 + square), 12);
    expect(low).toBeCloseTo(-square / (200 + square), 12);
  });

  it('turns over when the two are exchanged', () => {
    const there = pairedProportionInterval({ onlyFirst: 9, onlySecond: 2, n: 80 });
    const back = pairedProportionInterval({ onlyFirst: 2, onlySecond: 9, n: 80 });
    expect(back.low).toBeCloseTo(-(there.high ?? 0), 12);
    expect(back.high).toBeCloseTo(-(there.low ?? 0), 12);
  });

  it('takes shares of counts that add up to a hair more than all', () => {
    const share = 118 / 5;
    expect(3 * share + 2 * share).toBeGreaterThan(118);
    const { low, high } = pairedProportionInterval({ onlyFirst: 3 * share, onlySecond: 2 * share, n: 118 });
    const whole = pairedProportionInterval({ onlyFirst: 71, onlySecond: 47, n: 118 });
    expect(low).toBeCloseTo(whole.low ?? 0, 2);
    expect(high).toBeCloseTo(whole.high ?? 0, 2);
  });

  it('stays within -1 and 1', () => {
    const { low, high } = pairedProportionInterval({ onlyFirst: 5, onlySecond: 0, n: 5 });
    expect(low).toBeGreaterThan(0);
    expect(high).toBeLessThanOrEqual(1);
  });

  it.each([
    [0.03, 0.01, 150],
    [0.02, 0.02, 1000],
    [0.1, 0.02, 60],
  ])('covers a difference of %d - %d at %d samples', (first, second, n) => {
    const random = createRandom(0, 'tango', first, n);
    const trials = 3000;
    let covered = 0;
    for (let trial = 0; trial < trials; trial++) {
      let [onlyFirst, onlySecond] = [0, 0];
      for (let i = 0; i < n; i++) {
        const draw = random.next();
        if (draw < first) onlyFirst++;
        else if (draw < first + second) onlySecond++;
      }
      const { low, high } = pairedProportionInterval({ onlyFirst, onlySecond, n });
      if ((low ?? 1) <= first - second && first - second <= (high ?? -1)) covered++;
    }
    expect(covered / trials).toBeGreaterThan(0.925);
    expect(covered / trials).toBeLessThan(0.985);
  });

  it.each([
    [3, 3, 5],
    [-1, 0, 5],
    [0, 0, 0],
  ])('refuses %d and %d among %d', (onlyFirst, onlySecond, n) => {
    expect(() => pairedProportionInterval({ onlyFirst, onlySecond, n })).toThrow(RangeError);
  });
});
