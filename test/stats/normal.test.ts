import { describe, expect, it } from 'vitest';
import { normalCdf, normalQuantile, z95 } from '../../src/stats/normal.ts';

describe('normalCdf', () => {
  // SciPy 1.17, scipy.stats.norm.cdf.
  it.each([
    [-8, 6.22096057427174e-16],
    [-3, 0.0013498980316300933],
    [-2.9999, 0.001350341282954925],
    [-1, 0.15865525393145707],
    [0, 0.5],
    [0.5, 0.6914624612740131],
    [2, 0.9772498680518208],
    [5, 0.9999997133484281],
  ])('at %d is %d', (x, expected) => {
    expect(Math.abs(normalCdf(x) / expected - 1)).toBeLessThan(1e-12);
  });
});

describe('normalQuantile', () => {
  it.each([
    [1e-10, -6.361340902404056],
    [1e-3, -3.090232306167813],
    [0.2, -0.8416212335729142],
    [0.7, 0.5244005127080407],
    [0.975, z95],
    [0.999999, 4.753424308817087],
  ])('at %d is %d', (p, expected) => {
    expect(normalQuantile(p)).toBeCloseTo(expected, 10);
  });

  it('is 0 at a half', () => {
    expect(normalQuantile(0.5)).toBeCloseTo(0, 14);
  });

  it.each([0, 1, -0.1, Number.NaN])('refuses %d', (p) => {
    expect(() => normalQuantile(p)).toThrow(RangeError);
  });
});
