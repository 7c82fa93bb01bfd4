import type { EvaluateFindings } from '../evaluate/evaluate-result.ts';
import type { EvaluateWarning } from '../evaluate/evaluate-warning.ts';

/** What to warn of where the samples were too few to say whether a goal is met. */
export function undecidedGoals({ drop, sqnr }: EvaluateFindings): readonly EvaluateWarning[] {
  const goals = [
    ...(drop === null ? [] : [{ ...drop, of: drop.of }]),
    ...(sqnr === null ? [] : [{ ...sqnr, of: `SQNR of '${sqnr.output}'` }]),
  ];
  return goals
    .filter(({ verdict }) => verdict === 'inconclusive')
    .map(({ of, samples, samplesToDecide }) => ({ code: 'goal-undecided', details: { of, samples, samplesToDecide } }));
}
