/** A stretch of an array. */
export interface Stretch {
  readonly from: number;
  readonly length: number;
  /** Distance of its elements from each other. */
  readonly step: number;
}

/** Index of the largest element, the first of equals, counted from the stretch's start; -1 when one is NaN. */
export function argmaxOf(values: ArrayLike<number>, { from, length, step }: Stretch): number {
  let best = -1;
  let largest = -Infinity;
  for (let i = 0, at = from; i < length; i++, at += step) {
    const value = values[at] ?? Number.NaN;
    if (value > largest || best === -1) {
      largest = value;
      best = i;
    }
    if (value !== value) return -1;
  }
  return best;
}
