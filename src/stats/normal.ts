/** The standard normal quantile at 0.975, half of a two-sided 95 % interval. */
export const z95 = 1.959963984540054;

/**
 * P[Z > x] for x >= 0: below 3 the series of the error function (Abramowitz and Stegun, 26.2.11), beyond it Laplace's
 * continued fraction (26.2.14), which keeps the digits of small tails.
 */
function upperTail(x: number): number {
  const density = Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
  if (x < 3) {
    let term = x;
    let sum = x;
    for (let n = 1; term > sum * 1e-17; n++) {
      term *= (x * x) / (2 * n + 1);
      sum += term;
    }
    return 0.5 - density * sum;
  }
  let fraction = x;
  for (let n = 100; n >= 1; n--) fraction = x + n / fraction;
  return density / fraction;
}

/** P[Z <= x] of a standard normal Z. */
export function normalCdf(x: number): number {
  return x < 0 ? upperTail(-x) : 1 - upperTail(x);
}

/**
 * Quantile of the standard normal: Abramowitz and Stegun 26.2.23 as a first guess (4.5e-4), then Newton's method.
 * @throws RangeError when `p` is outside (0, 1)
 */
export function normalQuantile(p: number): number {
  if (!(p > 0 && p < 1)) throw new RangeError(`a normal quantile needs a probability in (0, 1), got ${p}`);
  if (p > 0.5) return -normalQuantile(1 - p);
  const t = Math.sqrt(-2 * Math.log(p));
  let x = t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
  for (let i = 0; i < 4; i++) {
    const tail = normalCdf(-x);
    x += ((tail - p) * Math.sqrt(2 * Math.PI)) / Math.exp((-x * x) / 2);
  }
  return -x;
}
