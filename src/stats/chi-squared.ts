import { logGamma } from './log-gamma.ts';

/**
 * P[X <= x]: the regularized lower incomplete gamma function P(df/2, x/2) by its series of positive terms (NIST Digital
 * Library of Mathematical Functions 8.7.1 and 8.11.4).
 */
function chiSquaredCdf(x: number, degreesOfFreedom: number): number {
  const a = degreesOfFreedom / 2;
  const half = x / 2;
  let term = 1;
  let sum = 1;
  for (let k = 1; term > sum * 1e-17; k++) {
    term *= half / (a + k);
    sum += term;
  }
  return Math.exp(a * Math.log(half) - half - logGamma(a + 1) + Math.log(sum));
}

/**
 * Quantile of the chi-squared distribution, by bisection.
 *
 * @param p probability below the quantile, in (0, 1)
 * @throws RangeError when `p` is outside (0, 1) or the degrees of freedom are not positive and finite
 */
export function chiSquaredQuantile(p: number, degreesOfFreedom: number): number {
  if (!(p > 0 && p < 1)) throw new RangeError(`a chi-squared quantile needs a probability in (0, 1), got ${p}`);
  if (!(degreesOfFreedom > 0 && Number.isFinite(degreesOfFreedom))) {
    throw new RangeError(`a chi-squared quantile needs degrees of freedom, got ${degreesOfFreedom}`);
  }
  let low = 0;
  let high = degreesOfFreedom;
  while (chiSquaredCdf(high, degreesOfFreedom) < p) high *= 2;
  while (high - low > 1e-13 * high) {
    const middle = (low + high) / 2;
    if (chiSquaredCdf(middle, degreesOfFreedom) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
