import { median, quantileOfSorted } from '../stats/quantile.ts';
import type { Round } from '../bench/bench-result.ts';
import type { MeasuredMetric } from './gate-vocabulary.ts';

/** One figure of a block; null where the system does not tell it. `batch`: items a run holds. */
export function blockStatistic(metric: MeasuredMetric, block: Round, batch: number | null): number | null {
  switch (metric) {
    case 'latency-p50':
      return median(block.latencyMs);
    case 'latency-p10':
      return quantileOfSorted(Float64Array.from(block.latencyMs).toSorted(), 0.1);
    case 'throughput':
      return (block.runs / block.windowMs) * 1000 * (batch ?? 1);
    case 'load-time':
      return block.loadMs;
    case 'first-run':
      return block.firstRunMs;
    case 'peak-memory':
      return block.peakRssBytes;
  }
}
