import { describe, expect, it } from 'vitest';
import { chooseBatch } from '../../src/commands/choose-batch.ts';
import type { DenseTensor } from '../../src/onnx/dense-tensor.ts';
import type { ModelSignature, ValueSignature } from '../../src/onnx/signature.ts';

const dataset = (samplesPerRun: number | null) => ({ samplesPerRun });

function signature(input: ValueSignature['shape'], output: ValueSignature['shape']): ModelSignature {
  return {
    inputs: [{ name: 'x', type: 'float32', shape: input }],
    outputs: [{ name: 'y', type: 'float32', shape: output }],
  };
}

/** Only the shape counts. */
const sample = (...dims: readonly number[]): { x: DenseTensor } => ({ x: { type: 'float32', dims, data: [] } });

describe('chooseBatch', () => {
  it.each([
    // What 16 of takes 16 MiB or less.
    [['batch', 3, 224, 224], ['batch', 1000], sample(1, 3, 224, 224), 16],
    [['batch', 3, 640, 640], ['batch', 84, 8400], sample(1, 3, 640, 640), 2],
    // A language model: 1,024 tokens by a vocabulary of 50,257 are 196 MiB.
    [['batch', 'seq'], ['batch', 'seq', 50_257], sample(1, 1024), 1],
    [['batch', 'seq'], ['batch', 'seq', 50_257], sample(1, 16), 4],
    // Nobody says how long the output is: as long as the input, but for its samples.
    [['x#0', 3, 48, 'x#3'], ['y#0', 'y#1', 6625], sample(1, 3, 48, 320), 1],
  ] as const)('takes as many as fit for %j -> %j', (input, output, oneSample, expected) => {
    const sizes = { signature: signature(input, output), oneSample };
    expect(chooseBatch(dataset(null), { asked: null, ...sizes })).toBe(expected);
    expect(chooseBatch(dataset(null), { asked: 100, ...sizes })).toBe(100);
  });

  it('takes what model or data fix, and nothing else', () => {
    const sizes = { signature: signature([8, 2], [8, 2]), oneSample: sample(1, 2) };
    expect(chooseBatch(dataset(8), { asked: null, ...sizes })).toBe(8);
    expect(chooseBatch(dataset(8), { asked: 8, ...sizes })).toBe(8);
    expect(() => chooseBatch(dataset(8), { asked: 9, ...sizes })).toThrow(
      expect.objectContaining({ code: 'bad-value', details: expect.objectContaining({ flag: '--batch', value: '9' }) }),
    );
  });
});
