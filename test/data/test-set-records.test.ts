import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { batchesOf } from '../../src/data/batches-of.ts';
import { buildPb } from './build-pb.ts';
import { dataFolder } from './data-folder.ts';
import { errorOf, openTestDataset } from './open-test-dataset.ts';
import { value } from './signatures.ts';

const inputs = [value('a', 'float32', ['batch', 2]), value('b', 'float32', [1])];
const outputs = [value('y', 'float32', ['batch', 1])];
const floats = (dims: readonly number[], ...values: readonly number[]) => ({
  type: 'float32',
  dims,
  data: Float32Array.from(values),
});

/** Sets of a, b and y. */
function sets(...rows: readonly (readonly [number[], number, number])[]): string {
  return dataFolder(
    Object.fromEntries(
      rows.flatMap(([a, b, y], i) => [
        [`test_data_set_${i}/input_0.pb`, buildPb('a', [a.length / 2, 2], a)],
        [`test_data_set_${i}/input_1.pb`, buildPb('b', [1], [b])],
        [
          `test_data_set_${i}/output_0.pb`,
          buildPb(
            'y',
            [a.length / 2, 1],
            a.slice(0, a.length / 2).map(() => y),
          ),
        ],
      ]),
    ),
  );
}

describe('openDataset of ONNX test data sets', () => {
  it('joins inputs and expected outputs of sets whose other inputs are the same', async () => {
    const path = sets([[1, 2], 5, 7], [[3, 4], 5, 8], [[5, 6], 9, 9], [[1, 2, 3, 4], 9, 6]);
    const dataset = await openTestDataset(path, { inputs, outputs });
    expect(dataset).toMatchObject({ size: 4, hasLabels: false, samplesPerRun: null });
    expect(dataset.originOf(1)).toBe(join(path, 'test_data_set_1'));
    const batches = [];
    for await (const batch of batchesOf(dataset, { indices: [0, 1, 2, 3], batch: 8 })) batches.push(batch);
    expect(batches.map(({ indices }) => indices)).toEqual([[0, 1], [2], [3]]);
    expect(batches[0]).toEqual({
      indices: [0, 1],
      feeds: { a: floats([2, 2], 1, 2, 3, 4), b: floats([1], 5) },
      labels: null,
      expected: { y: floats([2, 1], 7, 8) },
    });
    expect(batches[2]).toMatchObject({ feeds: { a: { dims: [2, 2] } }, expected: { y: floats([2, 1], 6, 6) } });
  });

  it('runs sets alone whose outputs have no batch axis', async () => {
    const path = sets([[1, 2], 5, 7], [[3, 4], 5, 8]);
    const dataset = await openTestDataset(path, { inputs, outputs: [value('y', 'float32', [1, 1])] });
    expect(await dataset.shapeKey(0)).not.toBe(await dataset.shapeKey(1));
    expect((await dataset.read([1])).expected).toEqual({ y: floats([1, 1], 8) });
  });

  it('fills up a fixed batch, with the outputs to expect', async () => {
    const fixed = [value('a', 'float32', [3, 2])];
    const path = dataFolder({
      's1/input_0.pb': buildPb('a', [1, 2], [1, 2]),
      's1/output_0.pb': buildPb('y', [1, 1], [3]),
      's2/input_0.pb': buildPb('a', [1, 2], [4, 5]),
      's2/output_0.pb': buildPb('y', [1, 1], [6]),
    });
    const dataset = await openTestDataset(path, { inputs: fixed, outputs: [value('y', 'float32', [3, 1])] });
    expect(dataset.samplesPerRun).toBe(3);
    expect(await dataset.read([0, 1])).toEqual({
      indices: [0, 1],
      feeds: { a: floats([3, 2], 1, 2, 4, 5, 4, 5) },
      labels: null,
      expected: { y: floats([3, 1], 3, 6, 6) },
    });
  });

  it('names the file that does not fit, and the set with NaN', async () => {
    const path = sets([[1, 2], 5, 7], [[3, Number.NaN], 5, 8]);
    const dataset = await openTestDataset(path, { inputs, outputs });
    expect((await errorOf(dataset.read([1]))).finding).toEqual({
      code: 'data-not-finite',
      details: { path: join(path, 'test_data_set_1'), input: 'a', sample: 1 },
    });
    const wrong = [value('a', 'float32', ['batch', 3]), value('b', 'float32', [1])];
    expect((await errorOf(openTestDataset(path, { inputs: wrong }))).finding).toMatchObject({
      code: 'data-shape-mismatch',
      details: { path: join(path, 'test_data_set_0/input_0.pb') },
    });
  });
});
