import type { Statistic } from '../stats/bootstrap.ts';
import type { MetricScores, SampleScores } from './metrics/metric.ts';

/** A metric over all its samples; NaN where an output was not finite. */
export function metricValue({ scores }: MetricScores): number {
  return statisticOf(scores)(null);
}

export function sizeOf(scores: SampleScores): number {
  return scores.kind === 'proportion' ? scores.hits.length : scores.size;
}

/** Whether both are made of right and wrong answers. */
export function areAnswers(...both: readonly SampleScores[]): boolean {
  return both.every((scores) => scores.kind === 'proportion' || scores.ofAnswers === true);
}

/** Two models on the same samples: counts of those on which one alone is right, or their figures. */
export type PairedScores =
  | { readonly kind: 'proportion'; readonly onlyFirst: number; readonly onlySecond: number; readonly n: number }
  | { readonly kind: 'corpus'; readonly first: Statistic; readonly second: Statistic };

/** @throws RangeError when they were not scored on as many samples */
export function paired(first: SampleScores, second: SampleScores): PairedScores {
  if (sizeOf(first) !== sizeOf(second)) {
    throw new RangeError(`a paired test needs the same samples, got ${sizeOf(first)} and ${sizeOf(second)}`);
  }
  if (first.kind !== 'proportion' || second.kind !== 'proportion') {
    return { kind: 'corpus', first: statisticOf(first), second: statisticOf(second) };
  }
  let [onlyFirst, onlySecond] = [0, 0];
  for (const [i, hit] of first.hits.entries()) {
    if (hit === 1 && second.hits[i] === 0) onlyFirst++;
    if (hit === 0 && second.hits[i] === 1) onlySecond++;
  }
  return { kind: 'proportion', onlyFirst, onlySecond, n: first.hits.length };
}

function statisticOf(scores: SampleScores): Statistic {
  if (scores.kind === 'corpus') return scores.statistic;
  const { hits } = scores;
  return (picked) => {
    let sum = 0;
    for (const i of picked ?? hits.keys()) sum += hits[i] ?? 0;
    return sum / (picked ?? hits).length;
  };
}
