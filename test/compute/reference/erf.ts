/**
 * The error function to the last digits of a double. Below 3 the series of positive terms (Abramowitz and Stegun,
 * 7.1.6), above it the continued fraction of erfc (7.1.14).
 */
export function erf(x: number): number {
  const size = Math.abs(x);
  return Math.sign(x) * (size < 3 ? series(size) : 1 - complement(size));
}

/** 2/√π · e^(-x²) · Σ 2ⁿ x^(2n+1) / (1·3·5···(2n+1)) */
function series(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; n < 100; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

/** erfc(x) = e^(-x²)/√π · 1/(x + (1/2)/(x + 1/(x + (3/2)/(x + …)))) */
function complement(x: number): number {
  let fraction = x;
  for (let n = 120; n > 0; n--) fraction = x + n / 2 / fraction;
  return Math.exp(-x * x) / Math.sqrt(Math.PI) / fraction;
}
