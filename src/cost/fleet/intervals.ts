import type { Interval } from '../../stats/interval.ts';
import type { ServiceCurve } from '../service/service-curve.ts';
import { overDraws } from '../service/times-at.ts';

/** What times of the measuring machine are multiplied by elsewhere, and how far it may be off; exactly 1 on itself. */
export interface TimeRange {
  readonly factor: number;
  readonly low: number;
  readonly high: number;
}

/** How far the true time of a batch may be from the curve's; null bounds where one round alone was measured. */
export function curveFactor(curve: ServiceCurve, batch: number): Interval {
  const fittedMs = curve.msAt(batch);
  return overDraws(curve, (times) => times.msAt(batch) / fittedMs);
}

/**
 * A measured time, or a factor on one, carried to another machine. The range of a projection claims no probability, so it
 * widens the measured interval on both sides; it is told even where one round tells nothing of its own spread.
 */
export function withRange(time: Interval, range: TimeRange): Interval {
  const isExact = range.low === range.factor && range.high === range.factor;
  const carried = (bound: number | null, end: number): number | null =>
    bound === null && isExact ? null : (bound ?? time.value) * end;
  return {
    value: time.value * range.factor,
    low: carried(time.low, range.low),
    high: carried(time.high, range.high),
  };
}

/** A figure that falls as a positive one grows: the bounds change sides. */
export function inverse({ value, low, high }: Interval): Interval {
  return { value: 1 / value, low: high === null ? null : 1 / high, high: low === null ? null : 1 / low };
}

/** Product of two positive figures, bound by bound: wide enough however they err together. */
export function product(first: Interval, second: Interval): Interval {
  const { low, high } = second;
  return {
    value: first.value * second.value,
    low: first.low === null || low === null ? null : first.low * low,
    high: first.high === null || high === null ? null : first.high * high,
  };
}

/** Product of two positive figures that err independently: half widths on the log scale add up in squares. */
export function independentProduct(first: Interval, second: Interval): Interval {
  const value = first.value * second.value;
  const bound = (one: number | null, other: number | null, sign: 1 | -1): number | null =>
    one === null || other === null
      ? null
      : value * Math.exp(sign * Math.hypot(Math.log(one / first.value), Math.log(other / second.value)));
  return { value, low: bound(first.low, second.low, -1), high: bound(first.high, second.high, 1) };
}
