export interface Sharing {
  /** Tests that share alpha by Holm. */
  readonly cells: number;
  /** Of the whole gate. */
  readonly alpha: number;
  /** Looks that alpha is divided by. */
  readonly looks: number;
}

/**
 * The fewest pairs with which a result could be significant: the smallest p of the signed-rank test, 2^-pairs, times
 * the number of tests is below a look's share of alpha.
 */
export function pairsNeeded({ cells, alpha, looks }: Sharing): number {
  let pairs = 1;
  while (Math.max(1, cells) * 2 ** -pairs >= alpha / looks) pairs++;
  return pairs;
}

/** What the strictest of all tests is held against at a look: what plans are made with. */
export function strictestAlpha({ cells, alpha, looks }: Sharing): number {
  return alpha / looks / Math.max(1, cells);
}
