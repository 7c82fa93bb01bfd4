import type { PairedDifference } from './distill-result.ts';
import type { DistillMetric } from './loss-kind.ts';
import { isHigherBetter } from './loss-kind.ts';
import type { Scores } from './held-out.ts';
import { meanOf } from './summarize-scores.ts';

/** The better metric wins; where it is equal, the smaller loss does. */
export function isBetterStudent(metric: DistillMetric, scores: Scores, than: Scores): boolean {
  const sign = isHigherBetter(metric) ? 1 : -1;
  const gain = sign * (meanOf(scores.metric) - meanOf(than.metric));
  return gain > 0 || (gain === 0 && meanOf(scores.loss) < meanOf(than.loss));
}

/** Whether neither figure's interval leaves out that nothing changed. */
export function couldBeChance(differences: readonly PairedDifference[]): boolean {
  return differences.every(({ difference: { low, high } }) => low === null || high === null || (low <= 0 && high >= 0));
}
