import type { VerdictLine } from './evaluate-verdict.ts';
import { dropText, verdictTones, verdictWords } from './evaluate-verdict.ts';
import type { JudgedResult } from './judged-texts.ts';

interface JudgedGoal {
  readonly asked: boolean;
  readonly verdict: JudgedResult['verdict'];
}

type Judged<Goal> = Pick<JudgedResult, 'verdict' | 'output' | 'interrupted'> & { readonly goals: readonly Goal[] };

/** A sentence for each goal, and one on what came of a missed one. An interrupted run has no verdict. */
export function judgedGoalLines<Goal extends JudgedGoal>(
  result: Judged<Goal>,
  textOf: (goal: Goal) => string,
): readonly VerdictLine[] {
  const lines = result.goals.map((goal): VerdictLine => {
    const { verdict } = goal;
    const text = `${textOf(goal)}${goal.asked ? '' : ' (default)'}`;
    return result.interrupted
      ? { text: `NO VERDICT (interrupted): ${text}`, tone: 'warn' }
      : { text: `${verdictWords[verdict]}: ${text}`, tone: verdictTones[verdict] };
  });
  return [...lines, ...missedLines(result)];
}

function missedLines({ verdict, output, interrupted }: Judged<unknown>): readonly VerdictLine[] {
  if (interrupted || verdict !== 'fail') return [];
  const text =
    output === null
      ? 'nothing was written, for a goal was missed; --accept-worse writes the model all the same'
      : 'written as --accept-worse says';
  return [{ text, tone: 'bad' }];
}

/** How far it fell behind, held against `--max-drop`. */
export function maxDropText({ drop }: JudgedResult['evaluation'], limit: string): string {
  return drop === null ? `how far it falls behind is not known; ${limit} is allowed` : dropText(drop);
}
