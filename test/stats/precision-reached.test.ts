import { describe, expect, it } from 'vitest';
import { relativeHalfWidth } from '../../src/stats/interval.ts';
import { logInterval } from '../../src/stats/log-interval.ts';
import { precisionReached } from '../../src/stats/precision-reached.ts';
import { createRandom } from '../../src/stats/seeded-random.ts';

type Rule = (values: readonly number[]) => boolean;

/** Share of runs whose final interval covers the truth when `stop` is asked after each of 3 to 20 rounds. */
function coverage(stop: Rule, spread: number, sets: number): number {
  const random = createRandom(5, 'stop', spread);
  let covered = 0;
  for (let set = 0; set < sets; set++) {
    const values: number[] = [];
    while (values.length < 20 && !(values.length >= 3 && stop(values))) values.push(Math.exp(spread * random.normal()));
    const { low, high } = logInterval(values);
    if (low !== null && high !== null && low <= 1 && 1 <= high) covered++;
  }
  return covered / sets;
}

const even = (count: number): number[] => Array.from({ length: count }, (_, i) => (i % 2 === 0 ? 1 : 1.02));

const narrow: Rule = (values) => (relativeHalfWidth(logInterval(values)) ?? Number.POSITIVE_INFINITY) <= 0.03;

describe('precisionReached', () => {
  it('needs an interval within the precision', () => {
    // Ten values a factor of 1.02 apart: s = 0.5 ln 1.02 sqrt(10/9), half-width exp(2.262157 s / sqrt(10)) - 1 = 0.0075.
    expect(precisionReached(even(10), 0.0076)).toBe(true);
    expect(precisionReached(even(10), 0.0074)).toBe(false);
  });

  it('needs ten rounds, however alike they are', () => {
    expect(precisionReached([], 0.03)).toBe(false);
    expect(precisionReached(even(9), 0.03)).toBe(false);
    expect(precisionReached(even(10), 0.03)).toBe(true);
  });

  it.each([0.01, 0.03, 0.05, 0.1])('keeps the coverage of the interval it stops at, block spread %d', (spread) => {
    expect(coverage((values) => precisionReached(values, 0.03), spread, 10_000)).toBeGreaterThanOrEqual(0.94);
  });

  it('does so where stopping at the first narrow interval would not', () => {
    expect(coverage(narrow, 0.05, 10_000)).toBeLessThan(0.915);
  });
});
