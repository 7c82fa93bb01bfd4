import { regularizedIncompleteBeta } from './incomplete-beta.ts';

/**
 * Exact two-sided p of no difference between two paired proportions, from the pairs that differ: `b` where only the
 * first succeeded, `c` where only the second did (McNemar, Psychometrika 12, 1947, with the binomial distribution
 * instead of chi-squared). Twice the smaller tail of Binomial(b + c, 1/2).
 * @throws RangeError when a count is no natural number
 */
export function mcnemar(b: number, c: number): number {
  if (!(Number.isSafeInteger(b) && Number.isSafeInteger(c) && b >= 0 && c >= 0)) {
    throw new RangeError(`McNemar's test needs two counts, got ${b} and ${c}`);
  }
  if (b === c) return 1;
  const fewer = Math.min(b, c);
  // P[X <= k] = I_{1/2}(n - k, k + 1) (NIST Digital Library of Mathematical Functions 8.17.5).
  return Math.min(1, 2 * regularizedIncompleteBeta(0.5, b + c - fewer, fewer + 1));
}
