import { assert, integer, property, tuple } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findBatchAxis } from '../../src/data/batch-axis.ts';
import { batchSamples, itemsIn } from '../../src/data/batch-samples.ts';
import type { Sample } from '../../src/data/sample.ts';
import type { DenseTensor, NamedTensors } from '../../src/onnx/dense-tensor.ts';
import { findingOf } from './finding-of.ts';
import { value } from './signatures.ts';

const sample = (inputs: NamedTensors): Sample => ({ inputs, expected: null, origin: 'o' });
const floats = (dims: readonly number[], data: readonly number[]): DenseTensor => ({
  type: 'float32',
  dims,
  data: Float32Array.from(data),
});
const sr = (rate: bigint): DenseTensor => ({ type: 'int64', dims: [], data: BigInt64Array.of(rate) });
const text = (...data: string[]): DenseTensor => ({ type: 'string', dims: [2], data });
const inputs = [
  value('input', 'float32', ['batch', 2]),
  value('state', 'float32', [2, 'batch', 3]),
  value('sr', 'int64', []),
  value('text', 'string', [2, 'batch']),
];
const axis = findBatchAxis(inputs);

describe('batchSamples', () => {
  it('joins on axis 1 of a recurrent state', () => {
    const one = sample({ state: floats([2, 1, 3], [1, 2, 3, 4, 5, 6]) });
    const two = sample({ state: floats([2, 1, 3], [7, 8, 9, 10, 11, 12]) });
    expect(batchSamples(inputs, [one, two], axis)).toEqual({
      state: floats([2, 2, 3], [1, 2, 3, 7, 8, 9, 4, 5, 6, 10, 11, 12]),
    });
  });

  it('stacks what lacks the axis, keeps what has none, and joins strings', () => {
    const one = sample({ input: floats([2], [1, 2]), sr: sr(8000n), text: text('a', 'b') });
    const two = sample({ input: floats([2], [3, 4]), sr: sr(16000n), text: text('c', 'd') });
    expect(batchSamples(inputs, [one, two], axis)).toEqual({
      input: floats([2, 2], [1, 2, 3, 4]),
      sr: sr(8000n),
      text: { type: 'string', dims: [2, 2], data: ['a', 'c', 'b', 'd'] },
    });
  });

  it('joins complex numbers, and refuses elements that share bytes', () => {
    const wave = (...data: number[]): DenseTensor => ({
      type: 'complex64',
      dims: [1, 1],
      data: Float32Array.from(data),
    });
    const waves = [value('z', 'complex64', ['batch', 1])];
    const joined = batchSamples(waves, [sample({ z: wave(1, 2) }), sample({ z: wave(3, 4) })], findBatchAxis(waves));
    expect(joined).toEqual({ z: { type: 'complex64', dims: [2, 1], data: Float32Array.of(1, 2, 3, 4) } });
    for (const type of ['int4', 'uint2', 'float4e2m1'] as const) {
      const packed = [value('q', type, ['batch', 1])];
      const item = sample({ q: { type, dims: [1, 1], data: Uint8Array.of(1) } });
      expect(findingOf(() => batchSamples(packed, [item, item], findBatchAxis(packed)))).toEqual({
        code: 'data-unsupported',
        details: { path: 'o', problem: `batches of ${type}` },
      });
    }
  });

  it('puts every element where its index says, on any axis', () => {
    assert(
      property(
        tuple(integer({ min: 1, max: 4 }), integer({ min: 1, max: 4 })),
        integer({ min: 1, max: 4 }),
        ([a, c], n) => {
          // Element [i, k, j] of the whole is 100 i + 10 k + j; sample k holds the slice at k.
          const slice = (k: number): Sample =>
            sample({
              state: floats(
                [a, c],
                Array.from({ length: a * c }, (_, at) => 100 * Math.floor(at / c) + 10 * k + (at % c)),
              ),
            });
          const slices = Array.from({ length: n - 1 }, (_, k) => slice(k + 1));
          const { state } = batchSamples([value('state', 'float32', [a, 'batch', c])], [slice(0), ...slices], axis);
          const whole = Array.from(
            { length: a * n * c },
            (_, at) => 100 * Math.floor(at / (n * c)) + 10 * (Math.floor(at / c) % n) + (at % c),
          );
          expect(state).toEqual(floats([a, n, c], whole));
        },
      ),
      { seed: 5 },
    );
  });

  it('refuses samples of different lengths', () => {
    const ids = [value('ids', 'float32', ['batch', 'seq'])];
    const short = sample({ ids: floats([1, 2], [1, 2]) });
    const long = sample({ ids: floats([1, 3], [1, 2, 3]) });
    expect(findingOf(() => batchSamples(ids, [short, long], axis))).toEqual({
      code: 'data-shape-mismatch',
      details: { path: 'o', input: 'ids', found: [1, 3], expected: [1, 2] },
    });
  });
});

describe('itemsIn', () => {
  it('is the length of the batch axis, 1 without it', () => {
    expect(itemsIn(inputs, sample({ state: floats([2, 4, 3], Array<number>(24).fill(0)) }), axis)).toBe(4);
    expect(itemsIn(inputs, sample({ input: floats([2], [0, 0]) }), axis)).toBe(1);
  });
});
