import type { DatasetBatch } from '../data/dataset.ts';
import { UsageError } from '../errors.ts';
import type { EvaluateOptions } from './evaluate-options.ts';
import type { EvaluateWarning } from './evaluate-warning.ts';

type Goals = Pick<EvaluateOptions, 'maxDrop' | 'minSqnrDb' | 'reference'>;

/**
 * Goals that can never be judged are told as soon as that is known.
 * @param first the first batch, which may bring expected outputs; null before anything runs
 * @throws UsageError `missing-argument`
 */
export function checkGoals({ maxDrop, minSqnrDb, reference }: Goals, first: DatasetBatch | null): void {
  if (reference !== null) return;
  const isExpected = first === null || first.expected !== null;
  const flag = maxDrop !== null ? '--max-drop' : minSqnrDb !== null && !isExpected ? '--min-sqnr' : null;
  if (flag === null) return;
  throw new UsageError('missing-argument', {
    flag: '--reference',
    what: `the model that ${flag} holds this one against`,
  });
}

/** Goals for which there was nothing to judge in the end: they are not met, only undecided. */
export function unjudged(
  { maxDrop, minSqnrDb }: Goals,
  judged: { readonly drop: object | null; readonly sqnr: object | null },
): EvaluateWarning[] {
  const goals = [
    ...(maxDrop !== null && judged.drop === null ? ['--max-drop'] : []),
    ...(minSqnrDb !== null && judged.sqnr === null ? ['--min-sqnr'] : []),
  ];
  return goals.map((goal) => ({ code: 'goal-not-judged', details: { goal } }));
}
