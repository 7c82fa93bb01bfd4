/** How often things are asked for, in classes of things that are asked for equally often. */
export interface Popularity {
  /** Share of the requests that one thing of a class gets, falling. */
  readonly shares: Float64Array;
  /** Things in each class. */
  readonly counts: Float64Array;
}

/** Ranks up to here have a class each. */
const exactRanks = 65_536;

/** Ranks of one class differ by this much: their shares are taken at the middle, 1e-7 from the sum. */
const classWidth = 1.001;

/**
 * Zipf's law: the thing of rank k is asked for in proportion to k^-exponent. Millions of keys take thousands of classes.
 *
 * @param exponent 0 for things that are all alike
 */
export function zipfPopularity(exponent: number, keys: number): Popularity {
  const weights: number[] = [];
  const counts: number[] = [];
  for (let rank = 1; rank <= keys;) {
    const end = rank <= exactRanks ? rank : Math.min(keys, Math.floor(rank * classWidth));
    weights.push(((rank + end) / 2) ** -exponent);
    counts.push(end - rank + 1);
    rank = end + 1;
  }
  const total = weights.reduce((sum, weight, i) => sum + weight * (counts[i] ?? 0), 0);
  return { shares: Float64Array.from(weights, (weight) => weight / total), counts: Float64Array.from(counts) };
}

/** Sum over all things of a figure of their share. */
export function sumOver({ shares, counts }: Popularity, figure: (share: number) => number): number {
  let sum = 0;
  for (let i = 0; i < shares.length; i++) sum += (counts[i] ?? 0) * figure(shares[i] ?? 0);
  return sum;
}
