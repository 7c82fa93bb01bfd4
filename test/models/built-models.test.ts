import { expect, it } from 'vitest';
import type { DenseTensor, NamedTensors } from '../../src/onnx/dense-tensor.ts';
import { checkGraph } from '../../src/onnx/check.ts';
import { elementCount } from '../../src/onnx/dense-tensor.ts';
import { encodeModel } from '../../src/onnx/file/encode-model.ts';
import type { Model } from '../../src/onnx/model.ts';
import { createRandom } from '../../src/stats/seeded-random.ts';
import { inProcessRunner } from '../numerics/in-process-runner.ts';
import { encoder } from './encoder.ts';
import { resnetLike } from './resnet-like.ts';

async function run(model: Model, feeds: NamedTensors): Promise<NamedTensors> {
  checkGraph(model);
  const runner = inProcessRunner();
  const loaded = await runner.load({ bytes: encodeModel(model) });
  try {
    return await loaded.run(feeds);
  } finally {
    await loaded.release();
    await runner.close();
  }
}

function numbersOf(tensor: DenseTensor | undefined): Float32Array {
  if (!(tensor?.data instanceof Float32Array)) throw new Error('the output is no float32');
  return tensor.data;
}

function deviationOf(values: Float32Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
}

const noise = (dims: readonly number[]): DenseTensor => {
  const random = createRandom(0, 'noise');
  return { type: 'float32', dims, data: Float32Array.from({ length: elementCount(dims) }, () => random.normal()) };
};

const small = { width: 8, size: 32, classes: 10 };

it('the residual net computes the same with normalizations as with convolutions that hold them', async () => {
  const feeds = { x: noise([2, 3, 32, 32]) };
  const folded = await run(resnetLike({ ...small, normalization: 'folded' }), feeds);
  const nodes = await run(resnetLike({ ...small, normalization: 'nodes' }), feeds);
  const [logits, others] = [numbersOf(folded.logits), numbersOf(nodes.logits)];
  expect(folded.logits?.dims).toEqual([2, 10]);
  expect(deviationOf(logits)).toBeGreaterThan(0.1);
  expect(deviationOf(logits)).toBeLessThan(10);
  for (const [at, value] of logits.entries()) expect(value).toBeCloseTo(others[at] ?? Number.NaN, 3);
});

it('the encoder looks at no token that is masked', async () => {
  const model = () => encoder({ depth: 2, hidden: 32, heads: 4, inner: 64, vocabulary: 50, positions: 16 });
  const longs = (values: readonly number[]): DenseTensor => {
    return { type: 'int64', dims: [1, values.length], data: BigInt64Array.from(values, BigInt) };
  };
  const state = async (last: number) => {
    const feeds = { input_ids: longs([3, 14, 15, last]), attention_mask: longs([1, 1, 1, 0]) };
    const { last_hidden_state: output } = await run(model(), feeds);
    expect(output?.dims).toEqual([1, 4, 32]);
    return numbersOf(output);
  };
  const [first, second] = [await state(9), await state(26)];
  const seen = 3 * 32;
  expect(first.subarray(0, seen)).toEqual(second.subarray(0, seen));
  expect(first.subarray(seen)).not.toEqual(second.subarray(seen));
  expect(deviationOf(first)).toBeGreaterThan(0.5);
  expect(deviationOf(first)).toBeLessThan(2);
});
