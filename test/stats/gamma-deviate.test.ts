import { describe, expect, it } from 'vitest';
import { gammaDeviate } from '../../src/stats/gamma-deviate.ts';
import { createRandom } from '../../src/stats/seeded-random.ts';
import { normalCdf } from '../../src/stats/normal.ts';

const count = 40_000;

function draws(shape: number): Float64Array {
  const random = createRandom(7, 'gamma', shape);
  return Float64Array.from({ length: count }, () => gammaDeviate(random, shape));
}

/** Distribution functions that are elementary: half a chi-squared of 1, 2, 4 and 6 degrees of freedom. */
const closedForms: readonly (readonly [number, (x: number) => number])[] = [
  [0.5, (x) => 2 * normalCdf(Math.sqrt(2 * x)) - 1],
  [1, (x) => -Math.expm1(-x)],
  [2, (x) => 1 - (1 + x) * Math.exp(-x)],
  [3, (x) => 1 - (1 + x + (x * x) / 2) * Math.exp(-x)],
];

describe('gammaDeviate', () => {
  it.each(closedForms)('of shape %s follows the distribution, by the test of Kolmogorov', (shape, cdf) => {
    const sorted = draws(shape).toSorted();
    let distance = 0;
    for (const [i, x] of sorted.entries()) {
      distance = Math.max(distance, Math.abs(cdf(x) - i / count), Math.abs(cdf(x) - (i + 1) / count));
    }
    // Exceeded by chance once in a thousand.
    expect(distance).toBeLessThan(1.95 / Math.sqrt(count));
  });

  it.each([0.05, 0.3, 7, 250])('of shape %s has that mean and that variance', (shape) => {
    const values = draws(shape);
    const mean = values.reduce((sum, x) => sum + x, 0) / count;
    const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / count;
    // Variances of the sample mean and, by the excess kurtosis 6 / shape, of the sample variance.
    expect(Math.abs(mean - shape)).toBeLessThan(4 * Math.sqrt(shape / count));
    expect(Math.abs(variance - shape)).toBeLessThan(4 * shape * Math.sqrt((2 + 6 / shape) / count));
  });

  it('of a tiny shape is never negative and never NaN', () => {
    expect([...draws(0.0057)].every((x) => x >= 0)).toBe(true);
  });
});
