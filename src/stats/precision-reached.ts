import { relativeHalfWidth } from './interval.ts';
import { logInterval } from './log-interval.ts';

/**
 * Fewest rounds on which to call a point precise. A rule that stops as soon as the interval is narrow stops more often
 * where the spread looks smaller than it is, and the interval is then too narrow. Simulated with a precision of 3 %,
 * looks after every round up to 20 and the block spread that suffers most, a 95 % interval covers 90 % when looks begin
 * at 3 rounds, 92 % at 5, 93 % at 7 and 94 % at 10. Two narrow looks in a row or a 99 % interval as the rule do not
 * help: they cover 92 and 91 %. Ten runs are also hyperfine's least and what benchstat advises.
 */
const minimumRounds = 10;

/**
 * Whether measuring may stop: the 95 % interval of the blocks is within the precision, and there are enough of them for
 * it to keep its coverage although it decided when to stop. Rounds that a plan fixes in advance need no such care.
 *
 * @param values one positive statistic per block so far
 * @param precision relative half-width wanted: 0.03 for 3 %
 * @throws RangeError when a value is not positive and finite
 */
export function precisionReached(values: readonly number[], precision: number): boolean {
  if (values.length < minimumRounds) return false;
  const halfWidth = relativeHalfWidth(logInterval(values));
  return halfWidth !== null && halfWidth <= precision;
}
