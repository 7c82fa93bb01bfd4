import type { PruneGoal, PruneResult } from '../prune/prune-result.ts';
import type { Estimate } from '../result/envelope.ts';
import type { VerdictLine } from './evaluate-verdict.ts';
import { judgedGoalLines, maxDropText } from './judged-goals.ts';
import { ratioText } from './judged-texts.ts';
import { downloadTexts, fileText, macsTexts, speedText } from './prune-headline.ts';

/** What became of the goals. */
export function pruneGoalLines(result: PruneResult): readonly VerdictLine[] {
  return judgedGoalLines(result, (goal) => goalTexts[goal.goal](goal, result));
}

type GoalText = (goal: PruneGoal, result: PruneResult) => string;

const goalTexts: Readonly<Record<PruneGoal['goal'], GoalText>> = {
  'max-drop': ({ limit }, { evaluation }) => maxDropText(evaluation, limit),
  'target-latency': ({ limit }, result) => `${latencyText(result)}; at most ${limit} is asked for`,
  'target-size': ({ limit }, result) => `${fileText(result)}; at most ${limit} is asked for`,
  'target-macs': ({ limit }, result) =>
    `${macsTexts(result)[0] ?? 'the MACs are not known'}; at most ${limit} is asked for`,
  faster: (_, { speedup }) =>
    `${speedup === null ? 'speed was not measured' : speedText(speedup.ratio)}; it has to be faster than before`,
  'smaller-download': (_, result) =>
    `${downloadTexts(result)[0] ?? 'nothing was compressed'}; it has to compress better than before`,
};

function latencyText({ speedup }: PruneResult): string {
  return speedup === null ? 'latency was not measured' : `latency ${ratioText(inverse(speedup.ratio))} of before`;
}

/** The share of the latency that is left: 1 over the speed-up, its bounds changing places. */
function inverse({ value, low, high }: Estimate): Estimate {
  return { value: 1 / value, low: high === null ? null : 1 / high, high: low === null ? null : 1 / low };
}
