import { logGamma } from './log-gamma.ts';

// Convergence takes about the square root of the larger parameter: this cap is for parameters up to 1e9.
const maxTerms = 100_000;
const tiny = 1e-300;

const awayFromZero = (x: number): number => (Math.abs(x) < tiny ? tiny : x);

/**
 * Continued fraction of the incomplete beta function: NIST Digital Library of Mathematical Functions 8.17.22, evaluated
 * by the modified Lentz method (Press et al., Numerical Recipes, 3rd edition, 5.2 and 6.4).
 */
function continuedFraction(x: number, a: number, b: number): number {
  let c = 1;
  let d = 1 / awayFromZero(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m <= maxTerms; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / awayFromZero(1 + even * d);
    c = awayFromZero(1 + even / c);
    fraction *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / awayFromZero(1 + odd * d);
    c = awayFromZero(1 + odd / c);
    fraction *= d * c;
    if (Math.abs(d * c - 1) < 1e-15) break;
  }
  return fraction;
}

/**
 * Natural logarithm of the beta function of two positive numbers (NIST Digital Library of Mathematical Functions 5.12.1).
 */
export function logBeta(a: number, b: number): number {
  return logGamma(a) + logGamma(b) - logGamma(a + b);
}

/**
 * Regularized incomplete beta function I_x(a, b), the integral of t^(a-1) (1-t)^(b-1) from 0 to x over that to 1
 * (NIST Digital Library of Mathematical Functions 8.17).
 *
 * @throws RangeError when `x` is outside [0, 1] or `a` or `b` is not a positive finite number
 */
export function regularizedIncompleteBeta(x: number, a: number, b: number): number {
  if (!(x >= 0 && x <= 1)) throw new RangeError(`the incomplete beta function needs x in [0, 1], got ${x}`);
  if (!(a > 0 && b > 0 && Number.isFinite(a + b))) {
    throw new RangeError(`the incomplete beta function needs positive finite parameters, got ${a} and ${b}`);
  }
  if (x === 0 || x === 1) return x;
  const front = Math.exp(a * Math.log(x) + b * Math.log1p(-x) - logBeta(a, b));
  // The fraction converges quickly only below the mean; above it the mirror image does.
  return x < (a + 1) / (a + b + 2)
    ? (front * continuedFraction(x, a, b)) / a
    : 1 - (front * continuedFraction(1 - x, b, a)) / b;
}
