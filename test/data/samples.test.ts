import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findBatchAxis } from '../../src/data/batch-axis.ts';
import type { SampleOptions } from '../../src/data/sample-options.ts';
import { loadSamples } from '../../src/data/samples.ts';
import { createRandom } from '../../src/stats/seeded-random.ts';
import { buildNpy } from './build-npy.ts';
import { buildPb } from './build-pb.ts';
import { buildZip } from './build-zip.ts';
import { dataFolder } from './data-folder.ts';
import { findingOf } from './finding-of.ts';
import { thrownBy } from './thrown-by.ts';
import { value } from './signatures.ts';

const inputs = [value('x', 'float32', ['batch', 2]), value('sr', 'int64', [])];
const outputs = [value('y', 'float32', ['batch', 1])];
const ids = Float32Array.of(0, 1, 2, 3, 4, 5);
const x = buildNpy('<f4', [3, 2], ids);
const sr = buildNpy('<i8', [], BigInt64Array.of(16000n));

function load(path: string, options: Partial<SampleOptions> = {}) {
  const batchAxis = findBatchAxis(options.inputs ?? inputs);
  const random = createRandom(0, 'samples');
  return loadSamples(path, { inputs, outputs, batchAxis, given: new Set(), limit: null, random, ...options });
}

const npz = (arrays: Readonly<Record<string, Uint8Array>>): string => {
  const entries = Object.entries(arrays).map(([name, data]) => ({ name: `${name}.npy`, data, deflate: true }));
  return join(dataFolder({ 'd.npz': buildZip(entries) }), 'd.npz');
};

describe('loadSamples from arrays', () => {
  it('cuts an .npz along the first axis; a single number serves all; labels are left alone', () => {
    const path = npz({ x, sr, label: buildNpy('<i8', [3], BigInt64Array.of(0n, 1n, 2n)) });
    const samples = load(path);
    expect(samples).toHaveLength(3);
    expect(samples[1]).toEqual({
      inputs: {
        x: { type: 'float32', dims: [2], data: Float32Array.of(2, 3) },
        sr: { type: 'int64', dims: [], data: BigInt64Array.of(16000n) },
      },
      expected: null,
      origin: `${path}[1]`,
    });
  });

  it('reads a folder of .npy files the same way', () => {
    const samples = load(dataFolder({ 'x.npy': x, 'sr.npy': sr }));
    expect(samples.map(({ inputs }) => Array.from(inputs['x']?.data ?? [], Number))).toEqual([
      [0, 1],
      [2, 3],
      [4, 5],
    ]);
  });

  it('takes samples of the full rank, and may leave out what is given otherwise', () => {
    const path = npz({ x: buildNpy('<f4', [3, 1, 2], ids) });
    expect(load(path, { given: new Set(['sr']) })[2]?.inputs).toEqual({
      x: { type: 'float32', dims: [1, 2], data: Float32Array.of(4, 5) },
    });
  });

  it('takes some at random, the same for the same seed', () => {
    const path = npz({ x: buildNpy('<f4', [50, 2], new Float32Array(100)), sr });
    const chosen = load(path, { limit: 5 }).map(({ origin }) => origin);
    expect(new Set(chosen).size).toBe(5);
    expect(load(path, { limit: 5 }).map(({ origin }) => origin)).toEqual(chosen);
    const other = load(path, { limit: 5, random: createRandom(1, 'samples') });
    expect(other.map(({ origin }) => origin)).not.toEqual(chosen);
  });

  it.for([
    [{ x, sr, z: sr }, 'data-unknown-input', { name: 'z', known: ['x', 'sr'] }],
    [{ x }, 'data-missing-input', { input: 'sr', found: ['x'] }],
    [
      { x: buildNpy('<f8', [3, 2], new Float64Array(6)), sr },
      'data-type-mismatch',
      { found: 'float64', expected: 'float32' },
    ],
    [{ x, sr: buildNpy('<i4', [], Int32Array.of(1)) }, 'data-type-mismatch', { found: 'int32', expected: 'int64' }],
    [
      { x: buildNpy('<f4', [2, 3], ids), sr },
      'data-shape-mismatch',
      { input: 'x', found: [3], expected: ['batch', 2] },
    ],
    [
      { x, sr: buildNpy('<i8', [2], new BigInt64Array(2)) },
      'data-malformed',
      { problem: 'x has 3 samples and sr has 2' },
    ],
    [
      { x: buildNpy('<f4', [0, 2], new Float32Array()), sr },
      'data-malformed',
      { problem: 'there are no samples in it' },
    ],
  ] as const)('refuses %# with %s', ([arrays, code, details]) => {
    const path = npz(arrays);
    expect(findingOf(() => load(path))).toMatchObject({ code, details: { path, ...details } });
  });

  it('says that the shape it tells is the one of a sample, for the array has one axis more', () => {
    const path = npz({ x: buildNpy('<f4', [2, 3], ids), sr });
    expect(thrownBy(() => load(path))).toMatchObject({ hint: expect.stringContaining('one sample') });
  });
});

const tensor = (dims: readonly number[], values: readonly number[]) => ({
  type: 'float32',
  dims,
  data: Float32Array.from(values),
});

describe('loadSamples from ONNX test data sets', () => {
  const model = { inputs: [value('a', 'float32', ['batch', 2]), value('b', 'float32', [2])] };
  const a = buildPb('a', [1, 2], [1, 2]);
  const b = buildPb('b', [2], [3, 4]);

  it('reads several folders in the order of their numbers, by the names inside', () => {
    const y = buildPb('y', [1, 1], [9]);
    const files = { 'input_0.pb': b, 'input_1.pb': a, 'output_0.pb': y };
    const folder = dataFolder(
      Object.fromEntries(
        [10, 9].flatMap((set) => Object.entries(files).map(([file, bytes]) => [`test_data_set_${set}/${file}`, bytes])),
      ),
    );
    const samples = load(folder, model);
    expect(samples.map(({ origin }) => origin)).toEqual([
      join(folder, 'test_data_set_9'),
      join(folder, 'test_data_set_10'),
    ]);
    expect(samples[0]?.inputs).toEqual({ a: tensor([1, 2], [1, 2]), b: tensor([2], [3, 4]) });
    expect(samples[0]?.expected).toEqual({ y: tensor([1, 1], [9]) });
  });

  it('goes by number where the names are not the model’s', () => {
    const folder = dataFolder({ 'input_0.pb': buildPb('', [1, 2], [1, 2]), 'input_1.pb': buildPb('q', [2], [3, 4]) });
    const [sample] = load(folder, model);
    expect(sample?.inputs).toEqual({ a: tensor([1, 2], [1, 2]), b: tensor([2], [3, 4]) });
    expect(sample?.expected).toBeNull();
  });

  it('expects nothing when an input is given in place of the stored one', () => {
    const folder = dataFolder({ 'input_0.pb': a, 'input_1.pb': b, 'output_0.pb': buildPb('y', [1, 1], [9]) });
    expect(load(folder, { ...model, given: new Set(['b']) })[0]).toMatchObject({
      inputs: { a: tensor([1, 2], [1, 2]) },
      expected: null,
    });
  });

  it('names the file in errors', () => {
    const short = dataFolder({ 'input_0.pb': a.subarray(0, 8), 'input_1.pb': b });
    expect(findingOf(() => load(short, model))).toMatchObject({
      code: 'data-malformed',
      details: { path: join(short, 'input_0.pb'), offset: 6 },
    });
    const wrong = dataFolder({ 'input_0.pb': buildPb('a', [1, 3], [1, 2, 3]), 'input_1.pb': b });
    expect(findingOf(() => load(wrong, model))).toMatchObject({
      code: 'data-shape-mismatch',
      details: { path: join(wrong, 'input_0.pb'), found: [1, 3] },
    });
    const more = dataFolder({ 'input_0.pb': a, 'input_1.pb': b, 'input_2.pb': buildPb('c', [1], [1]) });
    expect(findingOf(() => load(more, model))).toMatchObject({ code: 'data-unknown-input', details: { name: 'c' } });
    const less = dataFolder({ 'input_0.pb': a });
    expect(findingOf(() => load(less, model))).toMatchObject({ code: 'data-missing-input', details: { input: 'b' } });
  });
});

describe('loadSamples of no data', () => {
  it('names the path', () => {
    expect(findingOf(() => load('nowhere.npz'))).toMatchObject({
      code: 'file-missing',
      details: { path: 'nowhere.npz' },
    });
    expect(findingOf(() => load(dataFolder({}))).code).toBe('data-missing');
  });

  it('says what is supported', () => {
    const folder = dataFolder({ 'a.jsonl': new Uint8Array(1), 'cat.jpg': new Uint8Array(1) });
    const code = 'data-unsupported';
    const details = { problem: expect.stringMatching(/\.npz file, a folder of \.npy files, or ONNX test_data_set/) };
    expect(findingOf(() => load(join(folder, 'a.jsonl')))).toMatchObject({ code, details });
    expect(findingOf(() => load(folder))).toMatchObject({ code, details });
  });
});
