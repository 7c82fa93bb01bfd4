import { expect, test } from 'vitest';
import { Expressions } from '../../../src/compute/expressions/expressions.ts';
import { Trainer } from '../../../src/compute/training/trainer.ts';
import { buildTrainingStep } from '../../../src/compute/training/training-step.ts';
import { elementCount } from '../../../src/onnx/dense-tensor.ts';
import { floats } from '../../../src/onnx/graph-builder.ts';
import { inProcessRunner } from '../../numerics/in-process-runner.ts';

const models = {
  runner: inProcessRunner(),
  name: 'the step',
  write: () => Promise.reject(new Error('a small model is not written')),
};

/** What becomes of ones that have no gradient: all that is left is the decay. */
async function decayed(kind: 'adamw' | 'sgd', dims: readonly number[]): Promise<number> {
  const e = new Expressions();
  const p = e.input('p', 'float32', dims);
  const loss = e.sumAll(e.mul(p, 0));
  const step = buildTrainingStep({
    e,
    loss,
    parameters: new Map([['p', p]]),
    optimizer: { kind, weightDecay: 0.1 },
  });
  const initial = { p: floats(dims, Array(elementCount(dims)).fill(1)) };
  const trainer = await Trainer.open({ ...models, step, initial });
  await trainer.run({}, { learningRate: 0.5 });
  const { p: after } = await trainer.parameters();
  await trainer.close();
  return Number(after?.data[0]);
}

test.each(['adamw', 'sgd'] as const)('%s lets weights decay, but no biases and scales', async (kind) => {
  for (const dims of [
    [3, 2],
    [1, 3],
    [3, 1],
    [2, 1, 3, 3],
  ])
    expect(await decayed(kind, dims)).toBeCloseTo(0.95, 6);
  for (const dims of [[], [3], [3, 1, 1], [1, 3, 1, 1], [1, 1, 3]]) expect(await decayed(kind, dims)).toBe(1);
});
