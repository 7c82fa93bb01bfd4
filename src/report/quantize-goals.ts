import type { Goal, QuantizeResult } from '../quantize/quantize-result.ts';
import type { VerdictLine } from './evaluate-verdict.ts';
import { judgedGoalLines, maxDropText } from './judged-goals.ts';
import { ratioText, sizeText } from './judged-texts.ts';

/** What became of the goals. */
export function goalLines(result: QuantizeResult): readonly VerdictLine[] {
  return judgedGoalLines(result, (goal) => goalTexts[goal.goal](goal, result));
}

type GoalText = (goal: Goal, result: QuantizeResult) => string;

const goalTexts: Readonly<Record<Goal['goal'], GoalText>> = {
  'max-drop': ({ limit }, { evaluation }) => maxDropText(evaluation, limit),
  'min-speedup': ({ limit }, result) => `${speedText(result)}; at least ${limit} is asked for`,
  faster: (_, result) => `${speedText(result)}; it has to be faster than before`,
  'max-size': ({ limit }, { size }) => `${sizeText(size)}; at most ${limit} is asked for`,
  smaller: (_, { size }) => `${sizeText(size)}; it has to be smaller than before`,
  'float16-on-cpu': () =>
    'onnxruntime computes most of float16 on a CPU in float32, with conversions around it: smaller, but no faster; name another --target where it is to run elsewhere',
};

function speedText({ speedup }: QuantizeResult): string {
  return speedup === null ? 'speed was not measured' : `speed-up ${ratioText(speedup.ratio)}`;
}
