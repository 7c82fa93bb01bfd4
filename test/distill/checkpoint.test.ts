import { describe, expect, it } from 'vitest';
import type { Checkpoint } from '../../src/distill/checkpoint.ts';
import { checkSameTraining } from '../../src/distill/checkpoint.ts';
import { checkpointOf, checkpointTensors } from '../../src/distill/checkpoint-tensors.ts';
import type { NamedTensors } from '../../src/onnx/dense-tensor.ts';
import { floats } from '../../src/onnx/graph-builder.ts';

const checkpoint: Checkpoint = {
  settings: { seed: '0', lr: '0.001' },
  state: { 'layer/../w': floats([2], [1, 2]), 'w/momentum': floats([2], [3, 4]), '': floats([], [5]) },
  steps: 12,
  epochs: [{ epoch: 1, steps: 12, trainLoss: 1 / 3, heldOutLoss: 0.1, metric: 0.9, learningRate: 1e-3, elapsedMs: 5 }],
  best: { epoch: 1, weights: { 'layer/../w': floats([2], [1, 2]) } },
};

const reading = (tensors: NamedTensors) => (name: string) => {
  const tensor = tensors[name];
  if (tensor === undefined) throw new Error(`no ${name}`);
  return tensor;
};

describe('a checkpoint', () => {
  it.each([checkpoint, { ...checkpoint, best: null }])('comes back whole, whatever tensors are called', (each) => {
    const tensors = checkpointTensors(each);
    expect(Object.keys(tensors).every((name) => /^\w+$/.test(name))).toBe(true);
    expect(checkpointOf(reading(tensors), 'c.npz')).toEqual(each);
  });

  it.each(['', '{', 'null', '{"format":99}', '{"format":1}'])('%j is none', (text) => {
    const data = new TextEncoder().encode(text);
    const head = { checkpoint: { type: 'uint8', dims: [data.length], data } } as const;
    expect(() => checkpointOf(reading(head), 'c.npz')).toThrow(
      expect.objectContaining({ code: 'data-malformed', details: expect.objectContaining({ path: 'c.npz' }) }),
    );
  });

  it('of another training is refused with what differs', () => {
    checkSameTraining('c.npz', { a: '1' }, { a: '1' });
    expect(() => checkSameTraining('c.npz', { a: '1', b: '2' }, { a: '1', b: '3', c: '4' })).toThrow(
      expect.objectContaining({
        code: 'checkpoint-unlike',
        details: { path: 'c.npz', differs: ['b (2 there, 3 here)', 'c (none there, 4 here)'] },
      }),
    );
  });
});
