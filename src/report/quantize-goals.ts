import type { Goal, QuantizeResult } from '../quantize/quantize-result.ts';
import type { VerdictLine } from './evaluate-verdict.ts';
import { dropText, verdictTones, verdictWords } from './evaluate-verdict.ts';
import { ratioText, sizeText } from './quantize-headline.ts';

/** A sentence for each goal, and one on what came of a missed one. An interrupted run has no verdict. */
export function goalLines(result: QuantizeResult): readonly VerdictLine[] {
  const { goals, interrupted } = result;
  const lines = goals.map(({ verdict, ...goal }): VerdictLine => {
    const text = `${goalTexts[goal.goal]({ verdict, ...goal }, result)}${goal.asked ? '' : ' (default)'}`;
    return interrupted
      ? { text: `NO VERDICT (interrupted): ${text}`, tone: 'warn' }
      : { text: `${verdictWords[verdict]}: ${text}`, tone: verdictTones[verdict] };
  });
  return [...lines, ...missedLines(result)];
}

function missedLines({ verdict, output, interrupted }: QuantizeResult): readonly VerdictLine[] {
  if (interrupted || verdict !== 'fail') return [];
  const text =
    output === null
      ? 'nothing was written, for a goal was missed; --accept-worse writes the model all the same'
      : 'written as --accept-worse says';
  return [{ text, tone: 'bad' }];
}

type GoalText = (goal: Goal, result: QuantizeResult) => string;

const goalTexts: Readonly<Record<Goal['goal'], GoalText>> = {
  'max-drop': ({ limit }, { evaluation: { drop } }) =>
    drop === null ? `how far it falls behind is not known; ${limit} is allowed` : dropText(drop),
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
