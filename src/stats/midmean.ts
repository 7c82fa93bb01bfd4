/**
 * Mean of the middle half: Tukey, "Exploratory Data Analysis" (1977). A run that was interrupted does not move it, and
 * whole microseconds average out in it as they do not in a median.
 *
 * @throws RangeError when there are no values
 */
export function midmean(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError('there are no values');
  const sorted = Float64Array.from(values).toSorted();
  const cut = Math.floor(sorted.length / 4);
  const middle = sorted.subarray(cut, sorted.length - cut);
  return middle.reduce((sum, value) => sum + value, 0) / middle.length;
}
