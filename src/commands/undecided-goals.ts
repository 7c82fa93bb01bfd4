import type { EvaluateFindings } from '../evaluate/evaluate-result.ts';
import type { EvaluateWarning } from '../evaluate/evaluate-warning.ts';

/** What to warn of where the samples were too few to say whether a goal is met. Why there is no figure is said elsewhere. */
export function undecidedGoals({ drop, sqnr }: EvaluateFindings): readonly EvaluateWarning[] {
  const goals = [
    ...(drop === null ? [] : [{ ...drop, figure: drop.drop }]),
    ...(sqnr === null ? [] : [{ ...sqnr, of: `SQNR of '${sqnr.output}'`, figure: sqnr.sqnrDb }]),
  ];
  return goals.flatMap(({ of, samples, samplesToDecide, verdict, figure }): EvaluateWarning[] => {
    if (verdict !== 'inconclusive' || figure === null) return [];
    const hasInterval = figure.low !== null && figure.high !== null;
    return [{ code: 'goal-undecided', details: { of, samples, samplesToDecide, hasInterval } }];
  });
}
