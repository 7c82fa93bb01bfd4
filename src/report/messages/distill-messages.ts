import type { DistillWarningDetails } from '../../distill/distill-warning.ts';
import type { LossReason } from '../../distill/loss-kind.ts';
import { count, formatNumber } from '../units.ts';
import { clause, listOf } from './phrases.ts';
import type { Sentences } from './sentences.ts';

const batchReasons: Readonly<Record<string, string>> = {
  samples: 'there are no more samples to train on',
  memory: 'more does not fit into memory',
};

export const distillWarningMessages: Sentences<DistillWarningDetails> = {
  'inputs-by-position': (d) =>
    `the inputs of student and teacher have different names and were paired by their order: ${listOf(d.pairs)}; rename them if that is wrong`,
  'outputs-by-position': (d) =>
    `the outputs of student and teacher have different names and were paired by their order: ${listOf(d.pairs)}; rename them if that is wrong`,
  'outputs-left-out': (d) =>
    `${d.outputs.length === 1 ? 'an output was' : 'outputs were'} not compared: ${listOf(d.outputs)}; only one side has ${d.outputs.length === 1 ? 'it' : 'them'} as floats by sample`,
  'batch-reduced': (d) =>
    `a step takes ${count(d.batch, 'sample')} instead of ${d.asked}: ${batchReasons[d.why] ?? clause(d.problem)}`,
  'gradient-blocked': (d) =>
    `${count(d.parameters, 'weight tensor')} stayed as ${d.parameters === 1 ? 'it is' : 'they are'}: no gradient passes node '${d.node}' (${d.operator}): ${clause(d.problem)}`,
  'parameters-unused': (d) =>
    `${d.parameters.length === 1 ? 'a weight tensor' : `${d.parameters.length} weight tensors`} stayed as ${d.parameters.length === 1 ? 'it is' : 'they are'}, for nothing that is compared depends on ${d.parameters.length === 1 ? 'it' : 'them'}: ${listOf(d.parameters)}`,
  'distill-labels-unused': (d) =>
    `the labels were not used: ${clause(d.problem)}; the student learned from the teacher alone`,
  'normalization-frozen': (d) =>
    `${count(d.nodes, 'BatchNormalization')} kept ${d.nodes === 1 ? 'its' : 'their'} running statistics; scales and biases were trained`,
  'improvement-unclear': (d) =>
    `the student is better on ${count(d.samples, 'held-out sample')}, but chance could do as much; hold out more with --holdout`,
  'training-diverged': (d) =>
    `the loss was no number any more at step ${d.step}, in epoch ${d.epoch}: give a lower --lr than ${formatNumber(d.learningRate)}, or --clip 1`,
};

/** What told the loss. */
const reasons: Readonly<Record<LossReason, string>> = {
  asked: 'as asked',
  'class-labels': 'labels are classes',
  probabilities: 'the teacher’s add up to 1',
  'score-name': 'its name says scores',
  'unit-vectors': 'the teacher’s are vectors of length 1',
  'vector-name': 'its name says features',
  'class-vector': 'a row of numbers is taken for scores of classes; --loss says otherwise',
  'raw-values': 'raw values',
};

/** The reason in words; the code itself when another version of infer wrote it. */
export function lossReasonText(reason: string): string {
  const texts: Readonly<Record<string, string>> = reasons;
  return Object.hasOwn(texts, reason) ? (texts[reason] ?? reason) : reason;
}
