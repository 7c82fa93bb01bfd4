import { logBeta, regularizedIncompleteBeta } from './incomplete-beta.ts';

/** P[T > t] for t > 0: half of I_x(df/2, 1/2) at x = df / (df + t^2) (Abramowitz and Stegun, 26.5.27). */
function upperTail(t: number, degreesOfFreedom: number): number {
  const square = t * t;
  const sum = degreesOfFreedom + square;
  // Near 0 the mirror image keeps the digits of t that x, close to 1, would lose.
  if (t < 1) return 0.5 - regularizedIncompleteBeta(square / sum, 0.5, degreesOfFreedom / 2) / 2;
  return regularizedIncompleteBeta(degreesOfFreedom / sum, degreesOfFreedom / 2, 0.5) / 2;
}

/**
 * P[T > t] of Student's t distribution.
 * @throws RangeError when `t` is NaN or the degrees of freedom are not positive or not finite
 */
export function studentTUpperTail(t: number, degreesOfFreedom: number): number {
  if (Number.isNaN(t)) throw new RangeError('a Student t tail needs a number');
  return t < 0 ? 1 - upperTail(-t, degreesOfFreedom) : upperTail(t, degreesOfFreedom);
}

/** Density of Student's t (Abramowitz and Stegun, 26.7.1). */
function density(t: number, degreesOfFreedom: number): number {
  const shape = -((degreesOfFreedom + 1) / 2) * Math.log1p((t * t) / degreesOfFreedom);
  return Math.exp(shape - logBeta(degreesOfFreedom / 2, 0.5)) / Math.sqrt(degreesOfFreedom);
}

/**
 * The t > 0 that leaves `tail` above it, by Newton's method on the logarithm of the tail against the logarithm of t:
 * that curve is concave and falls, so from the second iterate on they come down to the root. Only the first may land
 * where nothing of the tail is left, with many degrees of freedom; it is then taken back by half.
 */
function solveUpperTail(tail: number, degreesOfFreedom: number): number {
  let t = 1;
  let last = 1;
  for (let i = 0; i < 200; i++) {
    const above = upperTail(t, degreesOfFreedom);
    if (above === 0) {
      t = Math.sqrt(t * last);
      continue;
    }
    const slope = (-t * density(t, degreesOfFreedom)) / above;
    const step = Math.log(above / tail) / slope;
    last = t;
    t *= Math.exp(-step);
    if (Math.abs(step) < 1e-12) break;
  }
  return t;
}

/**
 * Quantile of Student's t distribution, to 1e-8 relative up to a million degrees of freedom.
 *
 * @param p probability below the quantile, in (0, 1)
 * @throws RangeError when `p` is outside (0, 1) or the degrees of freedom are not positive or not finite
 */
export function studentTQuantile(p: number, degreesOfFreedom: number): number {
  if (!(p > 0 && p < 1)) throw new RangeError(`a Student t quantile needs a probability in (0, 1), got ${p}`);
  if (p === 0.5) return 0;
  return p > 0.5 ? solveUpperTail(1 - p, degreesOfFreedom) : -solveUpperTail(p, degreesOfFreedom);
}
