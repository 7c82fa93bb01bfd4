import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { array, assert, asyncProperty, boolean, integer, nat } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadSamples } from '../../src/data/samples.ts';
import { findBatchAxis } from '../../src/data/batch-axis.ts';
import { openNpz } from '../../src/data/npz.ts';
import { writeNpy } from '../../src/data/write-npy.ts';
import { createRandom } from '../../src/stats/seeded-random.ts';
import { DataError } from '../../src/errors.ts';
import type { DenseTensor } from '../../src/onnx/dense-tensor.ts';
import { buildNpy } from './build-npy.ts';
import { buildZip } from './build-zip.ts';
import { dataFolder } from './data-folder.ts';
import { golden } from './numpy-golden.ts';
import { errorOf, type Opening, openTestDataset, testWorkplace } from './open-test-dataset.ts';
import { signatures, value } from './signatures.ts';

const image = [value('x', 'float32', ['batch', 1, 2, 2])];
const pair = [value('x', 'float32', ['batch', 2]), value('sr', 'int64', [])];
const floats = (...values: readonly number[]) => Float32Array.from(values);
const x32 = buildNpy('<f4', [3, 2], floats(0, 1, 2, 3, 4, 5));
const sr = buildNpy('<i8', [], BigInt64Array.of(16000n));

function npz(arrays: Readonly<Record<string, Uint8Array>>, deflate = true): string {
  const entries = Object.entries(arrays).map(([name, data]) => ({ name: `${name}.npy`, data, deflate }));
  return join(dataFolder({ 'd.npz': buildZip(entries) }), 'd.npz');
}

describe('openDataset of arrays', () => {
  it('reads what numpy.savez_compressed wrote, bytes as floats, labels as whole numbers', async () => {
    const path = join(dataFolder({ 'd.npz': Buffer.from(golden.npzDigits, 'base64') }), 'd.npz');
    const dataset = await openTestDataset(path, { inputs: image });
    expect(dataset).toMatchObject({ path, size: 3, hasLabels: true, classNames: null, samplesPerRun: null });
    expect(dataset.originOf(2)).toBe(`${path}[2]`);
    expect(await dataset.read([2, 0])).toMatchObject({
      indices: [2, 0],
      feeds: { x: { type: 'float32', dims: [2, 1, 2, 2], data: floats(160, 180, 200, 220, 0, 20, 40, 60) } },
      labels: [
        { type: 'int64', dims: [], data: BigInt64Array.of(3n) },
        { type: 'int64', dims: [], data: BigInt64Array.of(7n) },
      ],
      expected: null,
    });
  });

  it('writes a batch over one that was given back, and over no other', async () => {
    const x = buildNpy(
      '|u1',
      [4, 1, 2, 2],
      Uint8Array.from({ length: 16 }, (_, at) => at),
    );
    const dataset = await openTestDataset(npz({ x }), { inputs: image });
    const data = async (...indices: readonly number[]) => {
      const batch = await dataset.read(indices);
      return { batch, values: () => Array.from(batch.feeds['x']?.data ?? [], Number) };
    };
    const [first, second] = [await data(0), await data(1)];
    first.batch.recycle?.();
    // Given back twice is given back once.
    first.batch.recycle?.();
    const [third, fourth] = [await data(2), await data(3)];
    expect([second, third, fourth].map(({ values }) => values())).toEqual([
      [4, 5, 6, 7],
      [8, 9, 10, 11],
      [12, 13, 14, 15],
    ]);
    expect(third.batch.feeds['x']?.data).toEqual(floats(8, 9, 10, 11));
  });

  it('turns big-endian Fortran order around, and float64 into float32', async () => {
    const path = join(dataFolder({ 'd.npz': Buffer.from(golden.npzFortran, 'base64') }), 'd.npz');
    const dataset = await openTestDataset(path, { inputs: [value('x', 'float32', ['batch', 3, 2])] });
    const { feeds, labels } = await dataset.read([1, 3]);
    expect(feeds['x']).toEqual({
      type: 'float32',
      dims: [2, 3, 2],
      data: floats(6, 7, 8, 9, 10, 11, 18, 19, 20, 21, 22, 23),
    });
    expect(labels).toBeNull();
  });

  it('reads a folder of .npy files; a single number serves all samples', async () => {
    const label = writeNpy({ type: 'string', dims: [3], data: ['a', 'bc', ''] });
    const dataset = await openTestDataset(dataFolder({ 'x.npy': x32, 'sr.npy': sr, 'label.npy': label }), {
      inputs: pair,
    });
    expect(await dataset.read([1, 2])).toMatchObject({
      indices: [1, 2],
      feeds: {
        x: { type: 'float32', dims: [2, 2], data: floats(2, 3, 4, 5) },
        sr: { type: 'int64', dims: [], data: BigInt64Array.of(16000n) },
      },
      labels: ['bc', ''],
      expected: null,
    });
  });

  it('joins states along their own batch axis, and takes rows with a batch axis of 1', async () => {
    const inputs = signatures.sileroNamed.map((input) => ({
      ...input,
      shape: input.shape.map((axis) => (axis === 128 ? 2 : axis)),
    }));
    const state = buildNpy('<f4', [2, 2, 1, 2], floats(0, 1, 2, 3, 4, 5, 6, 7));
    const input = buildNpy('<f4', [2, 1, 3], floats(0, 1, 2, 3, 4, 5));
    const dataset = await openTestDataset(npz({ input, state, sr }), { inputs });
    const { feeds } = await dataset.read([0, 1]);
    expect(feeds['input']).toMatchObject({ dims: [2, 3], data: floats(0, 1, 2, 3, 4, 5) });
    // Layer by layer, each with both samples.
    expect(feeds['state']).toMatchObject({ dims: [2, 2, 2], data: floats(0, 1, 4, 5, 2, 3, 6, 7) });
  });

  it('fills up a batch that the model fixes with the last sample', async () => {
    const dataset = await openTestDataset(npz({ x: x32 }), { inputs: [value('x', 'float32', [4, 2])] });
    expect(dataset.samplesPerRun).toBe(4);
    const { feeds, indices } = await dataset.read([0, 2]);
    expect(indices).toEqual([0, 2]);
    expect(feeds['x']).toMatchObject({ dims: [4, 2], data: floats(0, 1, 4, 5, 4, 5, 4, 5) });
  });

  it('runs samples alone where an input without batch axis differs from one to the next', async () => {
    const inputs = [value('x', 'float32', ['batch', 2]), value('t', 'float32', [1])];
    const t = buildNpy('<f4', [3, 1], floats(7, 8, 9));
    const dataset = await openTestDataset(npz({ x: x32, t }), { inputs });
    expect(dataset.samplesPerRun).toBe(1);
    expect((await dataset.read([1])).feeds).toMatchObject({ t: { dims: [1], data: floats(8) }, x: { dims: [1, 2] } });
    const none = await openTestDataset(npz({ x: x32 }), {
      inputs: [value('x', 'float32', ['n', 2])],
      batchAxis: { kind: 'none' },
    }).catch((error: unknown) => error);
    expect(none).toMatchObject({ code: 'data-shape-mismatch' });
  });

  it('scales and normalizes bytes by channel when told how', async () => {
    const bytes = buildNpy('|u1', [1, 3, 1, 2], Uint8Array.of(0, 255, 51, 102, 153, 204));
    const opening = { inputs: [value('x', 'float32', ['batch', 3, 1, 2])] };
    const preprocess = { mean: [0, 0.2, 0.5], std: [1, 0.5, 0.25] };
    const { feeds } = await (await openTestDataset(npz({ x: bytes }), { ...opening, preprocess })).read([0]);
    const expected = [0, 1, 0, 0.4, 0.4, 1.2];
    Array.from(feeds['x']?.data ?? [], Number).forEach((got, i) => expect(got).toBeCloseTo(expected[i] ?? 0, 6));
    const last = { inputs: [value('x', 'float32', ['batch', 1, 2, 3])], preprocess };
    const nhwc = await openTestDataset(
      npz({ x: buildNpy('|u1', [1, 1, 2, 3], Uint8Array.of(0, 51, 153, 255, 102, 204)) }),
      { ...last, preprocess: { ...preprocess, layout: 'nhwc' } },
    );
    const rows = Array.from((await nhwc.read([0])).feeds['x']?.data ?? [], Number);
    [0, 0, 0.4, 1, 0.4, 1.2].forEach((value, i) => expect(rows[i]).toBeCloseTo(value, 6));
  });

  it('removes what it unpacked', async () => {
    const workplace = testWorkplace();
    const big = buildNpy(
      '<f4',
      [3000, 500],
      new Float32Array(1_500_000).map((_, i) => i % 977),
    );
    const dataset = await openTestDataset(npz({ x: big }), { inputs: [value('x', 'float32', ['b', 500])], workplace });
    expect(readdirSync(workplace.temporaryFolder)).toHaveLength(1);
    const { feeds } = await dataset.read([2999]);
    expect(feeds['x']?.data[499]).toBe(1_499_999 % 977);
    await dataset.close();
    expect(readdirSync(workplace.temporaryFolder)).toEqual([]);
  });
});

describe('streaming', () => {
  it('gives the rows that reading whole gives, in whatever order they are asked for', async () => {
    const rows = 40;
    const data = Float32Array.from({ length: rows * 6 }, (_, i) => Math.sin(i));
    const y = BigInt64Array.from({ length: rows }, (_, i) => BigInt(i * i));
    const inputs = [value('x', 'float32', ['batch', 2, 3]), value('y', 'int64', ['batch'])];
    const arrays = { x: buildNpy('<f4', [rows, 2, 3], data), y: buildNpy('<i8', [rows], y) };
    await assert(
      asyncProperty(boolean(), array(nat(rows - 1), { minLength: 1 }), async (deflate, indices) => {
        const path = npz(arrays, deflate);
        const options = { inputs, outputs: [], batchAxis: findBatchAxis(inputs), given: new Set<string>() };
        const whole = loadSamples(path, { ...options, limit: null, random: createRandom(0) });
        const { feeds } = await (await openTestDataset(path, { inputs })).read(indices);
        const join = (name: string) =>
          indices.flatMap((index) => Array.from(whole[index]?.inputs[name]?.data ?? [], Number));
        expect(Array.from(feeds['x']?.data ?? [], Number)).toEqual(join('x'));
        expect(Array.from(feeds['y']?.data ?? [], Number)).toEqual(join('y'));
        expect(feeds['x']?.dims).toEqual([indices.length, 2, 3]);
      }),
      { numRuns: 30, seed: 5 },
    );
  });
});

const refusals: readonly (readonly [string, Readonly<Record<string, Uint8Array>>, string, object])[] = [
  ['an array that is no input', { x: x32, sr, z: sr }, 'data-unknown-input', { name: 'z', known: ['x', 'sr'] }],
  ['a missing input', { x: x32 }, 'data-missing-input', { input: 'sr', found: ['x'] }],
  [
    'a type that cannot be converted',
    { x: buildNpy('<i8', [3, 2], new BigInt64Array(6)), sr },
    'data-type-mismatch',
    { found: 'int64', expected: 'float32' },
  ],
  ['another shape', { x: buildNpy('<f4', [2, 3], new Float32Array(6)), sr }, 'data-shape-mismatch', { found: [3] }],
  [
    'lengths that differ',
    { x: x32, sr, label: sr },
    'data-malformed',
    { problem: 'there are 3 samples and a single label' },
  ],
  [
    'other labels than samples',
    { x: x32, sr, label: buildNpy('<i8', [2], new BigInt64Array(2)) },
    'data-malformed',
    { problem: 'there are 3 samples and 2 labels' },
  ],
  [
    'no samples',
    { x: buildNpy('<f4', [0, 2], floats()), sr },
    'data-malformed',
    { problem: 'there are no samples in it' },
  ],
];

describe('openDataset refuses', () => {
  it.for(refusals)('%s', async ([, arrays, code, details]) => {
    const error = await errorOf(openTestDataset(npz(arrays), { inputs: pair }));
    expect(error.finding).toMatchObject({ code, details });
  });

  it('a single sample, saying what is missing', async () => {
    const path = npz({ x: buildNpy('<f4', [1, 2, 2], new Float32Array(4)) });
    const error = await errorOf(openTestDataset(path, { inputs: image }));
    expect(error).toMatchObject({ code: 'data-shape-mismatch', hint: expect.stringContaining('one sample by itself') });
  });

  it('NaN and infinity, naming sample and input, and numbers that a narrower type cannot hold', async () => {
    for (const [descr, data] of [
      ['<f4', floats(0, 0, 0, Infinity, 0, 0)],
      ['<f8', Float64Array.of(0, 0, 0, Number.NaN, 0, 0)],
      ['<f2', Uint16Array.of(0, 0, 0, 0x7c00, 0, 0)],
    ] as const) {
      const dataset = await openTestDataset(npz({ x: buildNpy(descr, [3, 2], data), sr }), { inputs: pair });
      await dataset.read([2, 0]);
      const error = await errorOf(dataset.read([2, 1]));
      expect(error.finding).toMatchObject({ code: 'data-not-finite', details: { input: 'x', sample: 1 } });
    }
    const large = await openTestDataset(
      npz({ x: buildNpy('<f8', [3, 2], Float64Array.of(0, 0, 1e300, 0, 0, 0)), sr }),
      {
        inputs: pair,
      },
    );
    expect((await errorOf(large.read([1]))).finding).toMatchObject({
      code: 'data-malformed',
      details: { problem: 'x holds 1e+300 in sample 1, which float32 cannot hold' },
    });
    const ids = await openTestDataset(npz({ i: buildNpy('<i8', [2], BigInt64Array.of(5n, 2n ** 31n)) }), {
      inputs: [value('i', 'int32', ['batch'])],
    });
    expect((await ids.read([0])).feeds['i']).toEqual({ type: 'int32', dims: [1], data: Int32Array.of(5) });
    expect((await errorOf(ids.read([1]))).code).toBe('data-malformed');
  });
});

describe('unpacking refuses', () => {
  it('an array that the model does not take before it is unpacked', async () => {
    // Its checksum, which is wrong, is only known at the end.
    const data = buildNpy('|u1', [2, 2 ** 22], new Uint8Array(2 ** 23));
    expect((await open({ crc: 1 }, data)).finding).toMatchObject({
      code: 'data-shape-mismatch',
      details: { found: [2 ** 22] },
    });
  });

  const inputs: Opening['inputs'] = [value('x', 'uint8', ['batch'])];
  const zeros = buildNpy('|u1', [3 * 2 ** 20], new Uint8Array(3 * 2 ** 20));
  const open = (entry: object, data: Uint8Array = zeros) =>
    errorOf(
      openTestDataset(
        join(dataFolder({ 'd.npz': buildZip([{ name: 'x.npy', data, deflate: true, ...entry }]) }), 'd.npz'),
        { inputs },
      ),
    );

  it('an entry that inflates beyond what its directory says, or cannot', async () => {
    expect((await open({ saysBytes: 1000 })).finding).toMatchObject({ code: 'data-malformed' });
    expect((await open({ saysBytes: 2 ** 31 })).finding).toMatchObject({
      details: { problem: expect.stringMatching(/which cannot be/) },
    });
  });

  it('a length that is not the one of the header’s shape, before all of it is unpacked', async () => {
    const liar = Buffer.concat([zeros, new Uint8Array(2 ** 20)]);
    expect((await open({}, liar)).finding).toMatchObject({
      details: { problem: expect.stringMatching(/takes 3145728 bytes, 4194304 are there/) },
    });
  });

  it('a wrong checksum, stored and deflated', async () => {
    for (const deflate of [true, false]) {
      expect((await open({ crc: 5, deflate })).finding).toMatchObject({
        details: { problem: expect.stringMatching(/checksum/) },
      });
    }
  });

  it('entries that lie over one another', () => {
    const bytes = Uint8Array.from(
      buildZip([
        { name: 'x.npy', data: x32 },
        { name: 'y.npy', data: x32 },
        { name: 'z.npy', data: new Uint8Array(4000) },
      ]),
    );
    const view = new DataView(bytes.buffer);
    const records = [];
    for (let at = 0; at + 4 <= bytes.length; at++) if (view.getUint32(at, true) === 0x02014b50) records.push(at);
    view.setUint32((records[1] ?? 0) + 42, 0, true);
    const path = join(dataFolder({ 'd.npz': bytes }), 'd.npz');
    expect(() => openNpz(path)).toThrow(/lies over another/);
  });

  it('any damage, with no other error than its own', async () => {
    const whole = buildZip([{ name: 'x.npy', data: buildNpy('|u1', [50], new Uint8Array(50)), deflate: true }], true);
    await assert(
      asyncProperty(nat(whole.length - 1), integer({ min: 0, max: 255 }), async (at, byte) => {
        const bytes = Uint8Array.from(whole);
        bytes[at] = byte;
        const path = join(dataFolder({ 'd.npz': bytes }), 'd.npz');
        const error = await openTestDataset(path, { inputs }).then(
          () => null,
          (reason: unknown) => reason,
        );
        expect(error === null || error instanceof DataError).toBe(true);
      }),
      { numRuns: 200, seed: 6 },
    );
  });
});

describe('labels', () => {
  it('are finite numbers', async () => {
    const label = buildNpy('<f8', [3], Float64Array.of(1, 2, Number.NaN));
    const dataset = await openTestDataset(npz({ x: x32, label }), { inputs: pair.slice(0, 1) });
    expect((await dataset.read([0, 1])).labels).toHaveLength(2);
    const { finding } = await errorOf(dataset.read([1, 2]));
    expect(finding).toMatchObject({ code: 'data-not-finite', details: { input: 'label', sample: 2 } });
  });
});

describe('rows', () => {
  it('may hold no elements', async () => {
    const empty: DenseTensor = { type: 'float32', dims: [2, 0], data: floats() };
    const dataset = await openTestDataset(npz({ x: writeNpy(empty) }), { inputs: [value('x', 'float32', ['b', 'n'])] });
    expect((await dataset.read([0, 1])).feeds['x']).toEqual({ ...empty, dims: [2, 0] });
    const endless = npz({ x: writeNpy({ ...empty, dims: [999_999_999_999_999, 0] }) });
    const error = await errorOf(openTestDataset(endless, { inputs: [value('x', 'float32', ['b', 'n'])] }));
    expect(error.finding).toMatchObject({ details: { problem: expect.stringContaining('have no elements') } });
  });
});
