import { regularizedIncompleteBeta } from './incomplete-beta.ts';

/** `n` independent tries, each with the chance `p` in [0, 1]. */
export interface Binomial {
  readonly n: number;
  readonly p: number;
}

/** P[X <= k] = I_(1-p)(n - k, k + 1) (NIST Digital Library of Mathematical Functions 8.17.5). */
export function binomialAtMost(k: number, { n, p }: Binomial): number {
  if (k < 0) return 0;
  return k >= n ? 1 : regularizedIncompleteBeta(1 - p, n - k, k + 1);
}

/** P[X >= k] = I_p(k, n - k + 1), which keeps the digits of a small tail that 1 - P[X < k] would lose. */
export function binomialAtLeast(k: number, { n, p }: Binomial): number {
  if (k <= 0) return 1;
  return k > n ? 0 : regularizedIncompleteBeta(p, k, n - k + 1);
}
