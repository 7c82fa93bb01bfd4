/**
 * Probabilities of the sums 0 … `upTo` that a coin toss for each rank gives, heads adding it: what the signed-rank
 * statistic is under no difference (Wilcoxon, "Individual Comparisons by Ranking Methods", Biometrics Bulletin 1, 1945),
 * by the subset-sum recursion, which holds for ties as well. Nothing is subtracted, so small tails keep their digits.
 *
 * @param ranks positive whole numbers
 * @returns entry k is P[sum = k]
 */
function signedRankProbabilities(ranks: readonly number[], upTo: number): Float64Array {
  const probabilities = new Float64Array(upTo + 1);
  probabilities[0] = 1;
  let reach = 0;
  for (const rank of ranks) {
    reach = Math.min(upTo, reach + rank);
    for (let sum = reach; sum >= rank; sum--) {
      probabilities[sum] = ((probabilities[sum] ?? 0) + (probabilities[sum - rank] ?? 0)) / 2;
    }
    for (let sum = Math.min(rank - 1, reach); sum >= 0; sum--) probabilities[sum] = (probabilities[sum] ?? 0) / 2;
  }
  return probabilities;
}

/** P[sum <= k], for ranks that may be tied: positive whole numbers. */
export function signedRankAtMost(k: number, ranks: readonly number[]): number {
  return k < 0
    ? 0
    : Math.min(
        1,
        signedRankProbabilities(ranks, k).reduce((sum, probability) => sum + probability, 0),
      );
}

/**
 * The critical value of `n` differences without ties: the largest k with P[W <= k] <= tail. Null where there is none,
 * all signs alike being likelier than `tail`.
 *
 * @param tail one-sided, in (0, 0.5]
 * @throws RangeError when `n` is not a positive whole number or `tail` is outside (0, 0.5]
 */
export function signedRankCritical(n: number, tail: number): number | null {
  if (!(Number.isSafeInteger(n) && n > 0)) throw new RangeError(`signed ranks need at least one difference, got ${n}`);
  if (!(tail > 0 && tail <= 0.5)) throw new RangeError(`the tail of signed ranks lies in (0, 0.5], got ${tail}`);
  const ranks = Array.from({ length: n }, (_, i) => i + 1);
  const probabilities = signedRankProbabilities(ranks, Math.floor((n * (n + 1)) / 4));
  let below = 0;
  const first = probabilities.findIndex((probability) => (below += probability) > tail);
  // Half of the distribution lies at or above its middle, so that no tail of a half is left without an end.
  const critical = (first === -1 ? probabilities.length : first) - 1;
  return critical < 0 ? null : critical;
}
