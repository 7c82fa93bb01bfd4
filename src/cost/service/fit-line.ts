/** τ(b) = τ0 + α·b, in milliseconds. */
export interface Line {
  readonly tau0Ms: number;
  readonly alphaMs: number;
}

/**
 * The line through service times by batch, by least squares on relative errors (weights 1/τ²): times vary by shares of
 * themselves, and a large batch would drown the small ones otherwise. Neither part falls below 0: a run has no negative
 * overhead, and an item takes time. The best of the two that remain where the free line breaks this is exact, as the
 * problem is convex (Lawson and Hanson, Solving Least Squares Problems, 1974, 23.3).
 *
 * @param batches distinct, at least two
 * @param timesMs positive, as many
 */
export function fitLine(batches: readonly number[], timesMs: readonly number[]): Line {
  // In units of the measured times: minimize the sum of (x·τ0 + y·α - 1)² with x = 1/τ and y = b/τ.
  let [xx, xy, yy, x, y] = [0, 0, 0, 0, 0];
  for (const [index, timeMs] of timesMs.entries()) {
    const inverse = 1 / timeMs;
    const share = (batches[index] ?? Number.NaN) / timeMs;
    xx += inverse * inverse;
    xy += inverse * share;
    yy += share * share;
    x += inverse;
    y += share;
  }
  const determinant = xx * yy - xy * xy;
  const tau0Ms = (x * yy - y * xy) / determinant;
  const alphaMs = (y * xx - x * xy) / determinant;
  if (tau0Ms >= 0 && alphaMs >= 0) return { tau0Ms, alphaMs };
  return tau0Ms < 0 ? { tau0Ms: 0, alphaMs: y / yy } : { tau0Ms: x / xx, alphaMs: 0 };
}
