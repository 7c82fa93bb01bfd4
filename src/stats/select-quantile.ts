/**
 * Sample quantile of values in any order, which are moved about: the same as `quantileOfSorted` of the sorted values, in
 * time that grows with their number alone, where sorting pays for all quantiles at once.
 *
 * @param p fraction in [0, 1]
 * @throws RangeError when there are no values or `p` is outside [0, 1]
 */
export function selectQuantile(values: Float64Array, p: number): number {
  if (values.length === 0) throw new RangeError('a quantile needs at least one value');
  if (!(p >= 0 && p <= 1)) throw new RangeError(`a quantile's fraction lies in [0, 1], got ${p}`);
  const position = (values.length - 1) * p;
  const rank = Math.floor(position);
  const below = selectRank(values, rank);
  if (position === rank) return below;
  let above = Number.POSITIVE_INFINITY;
  for (let i = rank + 1; i < values.length; i++) above = Math.min(above, values[i] ?? above);
  return below + (position - rank) * (above - below);
}

/**
 * Moves the value of a rank to its place, with smaller ones before and larger ones behind it: Hoare, "Algorithm 65:
 * FIND", Communications of the ACM 4 (1961), with the median of three as the pivot.
 */
function selectRank(values: Float64Array, rank: number): number {
  let from = 0;
  let to = values.length - 1;
  while (from < to) {
    const pivot = medianOfThree(values[from] ?? 0, values[(from + to) >> 1] ?? 0, values[to] ?? 0);
    let left = from;
    let right = to;
    while (left <= right) {
      while ((values[left] ?? 0) < pivot) left += 1;
      while ((values[right] ?? 0) > pivot) right -= 1;
      if (left > right) break;
      const value = values[left] ?? 0;
      values[left] = values[right] ?? 0;
      values[right] = value;
      left += 1;
      right -= 1;
    }
    if (rank <= right) to = right;
    else if (rank >= left) from = left;
    else break;
  }
  return values[rank] ?? Number.NaN;
}

function medianOfThree(first: number, second: number, third: number): number {
  return Math.max(Math.min(first, second), Math.min(Math.max(first, second), third));
}
