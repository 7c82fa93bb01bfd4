import type { Interval } from '../../stats/interval.ts';
import { quantileOfSorted } from '../../stats/quantile.ts';
import { meanRatio } from '../queue/batch-stability.ts';
import type { ServiceCurve, TimeByBatch } from './service-curve.ts';

/**
 * A figure that follows from a curve, with its 95 % interval over the curve's draws; null bounds where there are none.
 * @param figure of the curve or a draw; finite
 */
export function overDraws(curve: ServiceCurve, figure: (times: TimeByBatch) => number): Interval {
  const value = figure(curve);
  if (curve.draws.length === 0) return { value, low: null, high: null };
  const sorted = Float64Array.from(curve.draws, figure).toSorted();
  return {
    value,
    low: Math.min(value, quantileOfSorted(sorted, 0.025)),
    high: Math.max(value, quantileOfSorted(sorted, 0.975)),
  };
}

/** Items a second of one replica that is never idle and always finds a full batch. */
export function itemsPerSecondAt(curve: ServiceCurve, batch: number): Interval {
  const mean = meanRatio(curve.ratios);
  return overDraws(curve, (times) => (1000 * batch) / (times.msAt(batch) * mean));
}
