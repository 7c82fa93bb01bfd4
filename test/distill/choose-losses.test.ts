import { describe, expect, it } from 'vitest';
import { chooseLosses } from '../../src/distill/choose-losses.ts';
import type { ProbedOutput } from '../../src/distill/probe-ends.ts';
import { floats } from '../../src/onnx/graph-builder.ts';
import { normal } from './small-students.ts';

function output(
  name: string,
  tensor: ProbedOutput['tensor'],
  sampleAxis: ProbedOutput['sampleAxis'] = 0,
): ProbedOutput {
  return { name, tensor, sampleAxis };
}

const raw = (dims: readonly number[]) => normal(dims, { seed: 5, name: 'raw', deviation: 3 });
const shares = floats([2, 3], [0.2, 0.3, 0.5, 1, 0, 0]);
const units = floats([2, 2], [0.6, -0.8, 1, 0]);

function choose(student: ProbedOutput, teacher = student, classes = false) {
  const [found] = chooseLosses([{ student, teacher }], 'auto', { classes });
  return found && [found.loss, found.reason];
}

describe('without being told, the loss is', () => {
  it.each([
    ['out', shares, 'kl', 'probabilities'],
    ['logits', raw([2, 7]), 'kl', 'score-name'],
    ['logits', raw([2, 4, 7]), 'kl', 'score-name'],
    ['out', raw([2, 7]), 'kl', 'class-vector'],
    ['out', units, 'cosine', 'unit-vectors'],
    ['sentence_embedding', raw([2, 8]), 'mse', 'vector-name'],
    ['last_hidden_state', raw([2, 4, 8]), 'mse', 'vector-name'],
    ['boxes', raw([2, 4, 8]), 'mse', 'raw-values'],
    ['score', raw([2, 1]), 'mse', 'raw-values'],
    ['score', raw([2]), 'mse', 'raw-values'],
  ] as const)('of %s %o: %s (%s)', (name, tensor, loss, reason) => {
    expect(choose(output(name, tensor))).toEqual([loss, reason]);
  });

  it('that of classes where the labels are classes', () => {
    expect(choose(output('embedding', raw([2, 7])), output('embedding', raw([2, 7])), true)).toEqual([
      'kl',
      'class-labels',
    ]);
  });

  it('told apart for each side: a teacher may give probabilities and the student scores', () => {
    const pair = { student: output('y', raw([2, 3])), teacher: output('y', shares) };
    const [found] = chooseLosses([pair], 'auto', { classes: false });
    expect(found).toMatchObject({ loss: 'kl', classAxis: 1, givesProbabilities: { student: false, teacher: true } });
  });
});

describe('what is asked for', () => {
  const pair = (tensor: ProbedOutput['tensor'], axis?: ProbedOutput['sampleAxis']) => {
    const own = output('y', tensor, axis);
    return [{ student: own, teacher: own }];
  };

  it('is taken, with the classes where such outputs have them', () => {
    expect(chooseLosses(pair(raw([2, 5, 3, 3])), 'kl', { classes: false })[0]).toMatchObject({
      classAxis: 1,
      reason: 'asked',
    });
    expect(chooseLosses(pair(raw([2, 6, 5])), 'kl', { classes: false })[0]).toMatchObject({ classAxis: 2 });
    expect(chooseLosses(pair(raw([5]), 'whole'), 'kl', { classes: false })[0]).toMatchObject({ classAxis: 1 });
    expect(chooseLosses(pair(raw([2, 5])), 'mse', { classes: true })[0]).toMatchObject({
      loss: 'mse',
      classAxis: null,
    });
  });

  it('is refused where the output cannot have it', () => {
    expect(() => chooseLosses(pair(raw([2, 1])), 'kl', { classes: false })).toThrow(/--loss.*output 'y'; use mse/);
    expect(() => chooseLosses(pair(raw([2])), 'cosine', { classes: false })).toThrow(/one number a sample/);
  });
});
