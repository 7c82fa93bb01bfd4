import type { EvaluateWarningDetails } from '../../evaluate/evaluate-warning.ts';
import type { TaskReason } from '../../evaluate/task.ts';
import { count, formatNumber, formatWhole } from '../units.ts';
import { listOf } from './phrases.ts';
import type { Sentences } from './sentences.ts';

export const evaluateWarningMessages: Sentences<EvaluateWarningDetails> = {
  'outputs-not-finite': (d) =>
    `${d.model}: output '${d.output}' holds NaN or infinity for ${count(d.samples, 'sample')}, first ${d.first}; ` +
    `${d.samples === 1 ? 'it counts' : 'they count'} as wrong, and figures that are no shares are unknown: look at the model on that input`,
  'relative-drop-undefined': (d) =>
    `the reference's ${d.metric} is ${formatNumber(d.reference)}, of which no share can be taken; give --max-drop in points or as a number`,
  'labels-unused': (d) =>
    `the labels were not used: ${reasonText(d.reason)}; say what the model is for with --task, or what to score with --output-name`,
  'samples-without-tokens': (d) =>
    `${count(d.samples, 'sequence')} of one token ${d.samples === 1 ? 'predicts' : 'predict'} nothing and ${d.samples === 1 ? 'was' : 'were'} left out; give longer texts`,
  'goal-not-judged': (d) =>
    `there was nothing to hold ${d.goal} against, such as an output of floats that both models have; name an output with --output-name, or give data with labels`,
  'outputs-not-compared': (d) =>
    `${d.outputs.length === 1 ? 'output' : 'outputs'} ${listOf(d.outputs)} could not be compared: only one side has ${d.outputs.length === 1 ? 'it' : 'them'} by sample, or ${d.outputs.length === 1 ? 'it holds' : 'they hold'} text`,
  'goal-undecided': (d) =>
    `${count(d.samples, 'sample')} ${d.samples === 1 ? 'is' : 'are'} too few for a verdict on ${d.of}: ` +
    (d.samplesToDecide === null && !d.hasInterval
      ? 'there is no spread to go by; give more data'
      : d.samplesToDecide === null
        ? 'it is so close to the limit that no number of samples would decide; move the limit'
        : `about ${formatWhole(d.samplesToDecide)} would decide; give more data`),
};

/** What told the task. */
const reasons: Readonly<Record<TaskReason, string>> = {
  asked: 'as asked',
  'class-labels': 'labels are whole numbers and the output has a score for each class',
  'binary-labels': 'labels are 0 and 1 and the output is one number',
  'sequence-labels': 'labels are lists of classes and the output has scores by steps',
  'text-labels': 'labels are texts and the output has scores by steps',
  'number-labels': 'labels are numbers and the output is one number',
  'tensor-labels': 'labels have the shape of the output',
  'pair-labels': 'samples are pairs of texts with a number each',
  'token-logits': 'the output has scores for the tokens that are fed',
  'class-scores': 'the output is a row of scores',
  probabilities: 'the output adds up to 1',
  'single-column': 'the output is one number',
  'unit-vectors': 'the output is a vector of length 1',
  'output-name': 'the name of the output says so',
  'nothing-fits': 'no task fits the labels and outputs',
};

/** The reason in words; the code itself when another version of infer wrote it. */
export function reasonText(reason: string): string {
  const texts: Readonly<Record<string, string>> = reasons;
  return Object.hasOwn(texts, reason) ? (texts[reason] ?? reason) : reason;
}
