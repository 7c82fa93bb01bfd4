/**
 * Sample quantile by linear interpolation between order statistics: type 7 of Hyndman and Fan, "Sample Quantiles in
 * Statistical Packages", The American Statistician 50 (1996), the default of R and NumPy.
 *
 * @param sorted ascending values
 * @param p fraction in [0, 1]
 * @throws RangeError when there are no values or `p` is outside [0, 1]
 */
export function quantileOfSorted(sorted: ArrayLike<number>, p: number): number {
  if (sorted.length === 0) throw new RangeError('a quantile needs at least one value');
  if (!(p >= 0 && p <= 1)) throw new RangeError(`a quantile's fraction lies in [0, 1], got ${p}`);
  const position = (sorted.length - 1) * p;
  const index = Math.floor(position);
  const below = sorted[index] ?? Number.NaN;
  const above = sorted[index + 1] ?? below;
  return below + (position - index) * (above - below);
}

/**
 * Median of values in any order, which are left as they are.
 *
 * @throws RangeError when there are no values
 */
export function median(values: readonly number[]): number {
  return quantileOfSorted(Float64Array.from(values).toSorted(), 0.5);
}
