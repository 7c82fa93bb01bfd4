import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binomialAtLeast, binomialAtMost } from '../../src/stats/binomial.ts';

/** P[X <= k], term by term. */
function summed(k: number, n: number, p: number): number {
  let term = (1 - p) ** n;
  let sum = 0;
  for (let i = 0; i <= Math.min(k, n); i++) {
    sum += term;
    term *= ((n - i) / (i + 1)) * (p / (1 - p));
  }
  return sum;
}

const binomial = fc.record({
  n: fc.integer({ min: 1, max: 120 }),
  p: fc.double({ min: 0.02, max: 0.95, noNaN: true }),
});

describe('binomial tails', () => {
  it('are the sums of their terms', () => {
    fc.assert(
      fc.property(binomial, fc.integer({ min: -2, max: 125 }), ({ n, p }, k) => {
        expect(binomialAtMost(k, { n, p })).toBeCloseTo(summed(k, n, p), 11);
        expect(binomialAtLeast(k, { n, p })).toBeCloseTo(1 - summed(k - 1, n, p), 11);
      }),
    );
  });

  // NIST/SEMATECH e-Handbook and any printed table: n = 10 and n = 20.
  it.each([
    [3, 10, 0.5, 0.171875],
    [1, 10, 0.1, 0.7361],
    [0, 20, 0.05, 0.3585],
    [4, 20, 0.25, 0.4148],
    [12, 20, 0.5, 0.8684],
  ])('at most %d of %d at %d is %d, as tabled', (k, n, p, expected) => {
    expect(binomialAtMost(k, { n, p })).toBeCloseTo(expected, 4);
  });

  it('keep the digits of a small upper tail', () => {
    expect(binomialAtLeast(40, { n: 40, p: 0.1 }) / 1e-40).toBeCloseTo(1, 9);
  });
});
