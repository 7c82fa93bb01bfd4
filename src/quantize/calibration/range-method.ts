import type { Histogram, ValueStatistics } from '../../compute/calibration/statistics.ts';
import type { IntegerType, RangeRule } from '../numeric/integer-range.ts';
import type { RealRange } from '../numeric/scale-and-zero-point.ts';

/** What a range is for: the integers it will be divided into. */
export interface IntegerTarget extends RangeRule {
  readonly type: IntegerType;
}

/** Chooses a range of real numbers for a value: within its extremes, with 0 in it. What lies outside is clipped. */
export type RangeMethod = (stats: ValueStatistics, target: IntegerTarget) => RealRange;

/**
 * Brings a range between the value's extremes (and 0, which every range holds). A range that is empty, inverted or not a
 * number becomes all there is.
 */
export function rangeWithin({ low, high }: Pick<Histogram, 'low' | 'high'>, { min, max }: RealRange): RealRange {
  const range = { min: Math.min(0, Math.max(min, low)), max: Math.max(0, Math.min(max, high)) };
  return range.max - range.min > 0 ? range : { min: low, max: high };
}

/** Whether all elements are one number: there is nothing to clip then. */
export function isConstant({ min, max }: ValueStatistics): boolean {
  return min === max;
}

/** Lower end of a bin; that of the bin behind the last is the upper end of the range, exactly. */
export function edgeOf({ low, high, counts }: Histogram, bin: number): number {
  return bin === counts.length ? high : low + ((high - low) / counts.length) * bin;
}
