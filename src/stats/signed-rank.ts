import { signedRankAtMost } from './signed-rank-distribution.ts';

/**
 * Exact one-sided p of the signed-rank test against "the median is at most 0" (Wilcoxon, "Individual Comparisons by
 * Ranking Methods", Biometrics Bulletin 1, 1945). Zeros are dropped, as Wilcoxon did. Ties share the middle of their
 * ranks, and p is counted over the signs of those very ranks, not read off a table for ranks without ties. The
 * smallest p that n differences can have is 2^-n. Time is that of n^3 / 8 additions: milliseconds for 200.
 *
 * @returns 1 where all differences are 0
 * @throws RangeError when there are no differences or one is not finite
 */
export function signedRankUpperTail(differences: readonly number[]): number {
  if (differences.length === 0) throw new RangeError('a signed-rank test needs at least one difference');
  for (const difference of differences) {
    if (!Number.isFinite(difference)) {
      throw new RangeError(`a signed-rank test needs finite differences, got ${difference}`);
    }
  }
  const ranked = wholeRanks(differences.filter((difference) => difference !== 0));
  const ranks = ranked.map(({ rank }) => rank);
  const positive = sumOf(ranked.filter(({ isPositive }) => isPositive).map(({ rank }) => rank));
  const negative = sumOf(ranks) - positive;
  // By symmetry the upper tail is the lower one of the negative ranks, which is summed without canceling where it is small.
  return negative < positive ? signedRankAtMost(negative, ranks) : 1 - signedRankAtMost(positive - 1, ranks);
}

interface Ranked {
  readonly rank: number;
  readonly isPositive: boolean;
}

/** Ranks by size, ties at their middle; all of them doubled where a middle lies between two ranks. */
function wholeRanks(differences: readonly number[]): Ranked[] {
  const sizes = Float64Array.from(differences, Math.abs).toSorted();
  const ranked: Ranked[] = [];
  let isDoubled = false;
  const doubled = new Map<number, number>();
  for (let from = 0, to = 0; from < sizes.length; from = to) {
    while (to < sizes.length && sizes[to] === sizes[from]) to++;
    doubled.set(sizes[from] ?? Number.NaN, from + 1 + to);
    isDoubled ||= (from + 1 + to) % 2 === 1;
  }
  for (const difference of differences) {
    const twice = doubled.get(Math.abs(difference)) ?? Number.NaN;
    ranked.push({ rank: isDoubled ? twice : twice / 2, isPositive: difference > 0 });
  }
  return ranked.toSorted((first, second) => first.rank - second.rank);
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
