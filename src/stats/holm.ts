/**
 * Adjusted p-values of several tests together (Holm, "A Simple Sequentially Rejective Multiple Test Procedure",
 * Scandinavian Journal of Statistics 6, 1979): calling out those at most alpha errs anywhere with a chance of at most
 * alpha, however the tests depend on each other.
 *
 * @returns in the order given
 * @throws RangeError when a p-value is outside [0, 1]
 */
export function holm(pValues: readonly number[]): number[] {
  for (const p of pValues) if (!(p >= 0 && p <= 1)) throw new RangeError(`a p-value lies in [0, 1], got ${p}`);
  const adjusted = pValues.map(() => 1);
  let largest = 0;
  const byP = [...pValues.entries()].toSorted(([, first], [, second]) => first - second);
  for (const [rank, [index, p]] of byP.entries()) {
    largest = Math.max(largest, Math.min(1, p * (pValues.length - rank)));
    adjusted[index] = largest;
  }
  return adjusted;
}
