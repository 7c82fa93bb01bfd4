import { countOvers } from '../../stats/effective-samples.ts';
import { quantileAbove, quantileBelow } from '../../stats/quantile-limit.ts';
import type { LoadRun, Objective, ObjectiveVerdict } from './load-result.ts';

const significance = 0.05;

export interface JudgedObjective {
  readonly objective: NonNullable<LoadRun['objective']>;
  readonly verdict: ObjectiveVerdict;
}

/**
 * Holds latencies, in order of arrival, against an objective: MLPerf's rule at 95 % confidence, for requests that count
 * as fewer where those over the limit come together, as they do in a queue.
 *
 * @param latencyMs infinite for requests that were not answered
 */
export function judgeObjective(latencyMs: Float64Array, { percentile, limitMs }: Objective): JudgedObjective {
  const counted = countOvers(latencyMs, limitMs);
  const counts = { ...counted, samples: latencyMs.length, quantile: percentile / 100 };
  const verdict =
    quantileBelow(counts) <= significance ? 'met' : quantileAbove(counts) <= significance ? 'missed' : 'undecided';
  return { objective: { percentile, limitMs, ...counted }, verdict };
}
