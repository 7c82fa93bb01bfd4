import { batchAxisOf } from '../data/batch-axis.ts';
import type { PairUse } from '../data/dataset-options.ts';
import { UsageError } from '../errors.ts';
import { chooseOutput } from '../evaluate/choose-output.ts';
import type { TaskRequest } from '../evaluate/task.ts';
import type { FedModel } from './fed-model.ts';

/** Scores of two texts that a model has read together, whatever their number: those of classes, as of entailment. */
const scoreNames = /logit|prob|score/i;

/**
 * Whether a model reads the two texts of a pair together or embeds one at a time: as the user says, else by the task,
 * else by the output that is scored: several numbers a sample are an embedding unless they are called scores.
 * @throws UsageError `bad-value` for texts apart where the task scores each sample by itself; `unknown-name`
 */
export function choosePairs(asked: PairUse | null, task: TaskRequest, model: FedModel): PairUse {
  const isEmbedding = task.name === 'embedding';
  const isOpen = task.name === null || task.name === 'none' || isEmbedding;
  if (asked === 'separate' && !isOpen) {
    const expected = `possible for the task ${task.name}, which takes both texts as one input; leave it out`;
    throw new UsageError('bad-value', { flag: '--pairs', value: asked, expected });
  }
  if (asked !== null) return asked;
  if (!isOpen) return 'joint';
  const output = scoredOutput(task, model);
  if (output === null) return isEmbedding ? 'separate' : 'joint';
  const axis = batchAxisOf(output, model.batchAxis);
  const isOneNumber = output.shape.every((length, i) => length === 1 || i === axis);
  if (isOneNumber) return 'joint';
  return isEmbedding || !scoreNames.test(output.name) ? 'separate' : 'joint';
}

function scoredOutput({ outputName }: TaskRequest, { name, signature }: FedModel) {
  const outputs = Object.fromEntries(signature.outputs.map((output) => [output.name, output]));
  const chosen = chooseOutput({ model: name, outputs, asked: outputName, needed: false });
  return signature.outputs.find((output) => output.name === chosen) ?? null;
}
