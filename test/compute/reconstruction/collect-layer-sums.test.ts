import { describe, expect, it } from 'vitest';
import type { DenseTensor } from '../../../src/onnx/dense-tensor.ts';
import type { LayerSums } from '../../../src/compute/reconstruction/layer-sums.ts';
import { floats, GraphBuilder } from '../../../src/onnx/graph-builder.ts';
import type { Model } from '../../../src/onnx/model.ts';
import { tensorType } from '../../../src/onnx/value-type.ts';
import { noise, observed } from '../calibration/calibrated.ts';
import type { Rows, Sliding } from './brute-sums.ts';
import { bruteSums, convolutionRows, edgesOf, joinRows, matrixRows } from './brute-sums.ts';
import { collected, expectSums } from './collected.ts';

type Attributes = Readonly<Record<string, number | string | readonly number[]>>;

function convolution(weight: readonly number[], attributes: Attributes, opset = 17): Model {
  const g = new GraphBuilder();
  const x = g.input('x', 'float32', ['n', 'c', ...weight.slice(2).map((_, axis) => `d${axis}`)]);
  const inputs = [g.op('Relu', [x]), g.constant('w', noise(weight, 1)), g.constant('b', noise(weight.slice(0, 1), 2))];
  const y = g.op('Conv', inputs, { name: 'conv', as: 'z', attributes });
  g.output(
    g.op('Relu', [y]),
    'y',
    tensorType(
      'float32',
      weight.map(() => null),
    ),
  );
  return g.model({ opset });
}

/** What a layer reads and makes in every run, by onnxruntime itself. */
async function rowsOf(
  [pruned, original]: readonly [Model, Model],
  feeds: readonly Readonly<Record<string, DenseTensor>>[],
  { node, rows }: { readonly node: string; readonly rows: typeof matrixRows },
): Promise<Rows> {
  const { x } = edgesOf(pruned, node);
  const { z } = edgesOf(original, node);
  const read = (await observed(pruned, feeds, [x])).get(x) ?? [];
  const made = (await observed(original, feeds, [z])).get(z) ?? [];
  const none = { dims: [], data: [] };
  return joinRows(feeds.map((_, run) => rows(read[run] ?? none, made[run] ?? none)));
}

/** Sums as brute force tells them. */
function plain(sums: LayerSums | undefined): ReturnType<typeof bruteSums> {
  if (sums === undefined) throw new Error('there are no sums');
  const { rows, groups, columns, outputs, gram, cross, inputSums, targetSums, targetSquares } = sums;
  const [grams, crosses] = [Array.from(gram), Array.from(cross)];
  const totals = {
    inputSums: Array.from(inputSums),
    targetSums: Array.from(targetSums),
    targetSquares: Array.from(targetSquares),
  };
  return { rows, groups, columns, outputs, gram: grams, cross: crosses, ...totals };
}

const ones = [1, 1, 1];

describe('rows of convolutions', () => {
  it.each<{ weight: number[]; sizes: number[][]; attributes: Attributes; sliding: Partial<Sliding>; groups?: number }>([
    { weight: [4, 3, 1, 1], sizes: [[2, 3, 5, 4]], attributes: {}, sliding: {} },
    {
      weight: [4, 3, 3, 2],
      sizes: [
        [2, 3, 7, 6],
        [1, 3, 5, 9],
      ],
      attributes: { strides: [2, 1], dilations: [1, 2], pads: [1, 0, 2, 1] },
      sliding: { strides: [2, 1], dilations: [1, 2], pads: [1, 0] },
    },
    {
      weight: [5, 2, 3, 3],
      sizes: [[2, 2, 6, 7]],
      attributes: { auto_pad: 'SAME_UPPER', strides: [2, 2] },
      sliding: { strides: [2, 2], pads: [0, 1] },
    },
    {
      weight: [5, 2, 3, 3],
      sizes: [[2, 2, 6, 7]],
      attributes: { auto_pad: 'SAME_LOWER', strides: [2, 2] },
      sliding: { strides: [2, 2], pads: [1, 1] },
    },
    { weight: [3, 2, 2, 2], sizes: [[1, 2, 4, 4]], attributes: { auto_pad: 'VALID' }, sliding: {} },
    {
      weight: [4, 3, 3],
      sizes: [[2, 3, 9]],
      attributes: { pads: [2, 0], strides: [3] },
      sliding: { pads: [2], strides: [3] },
    },
    {
      weight: [2, 2, 2, 3, 2],
      sizes: [[1, 2, 3, 4, 3]],
      attributes: { pads: [0, 1, 1, 1, 0, 0] },
      sliding: { pads: [0, 1, 1] },
    },
    {
      weight: [4, 1, 3, 3],
      sizes: [[2, 4, 6, 5]],
      attributes: { group: 4, pads: [1, 1, 1, 1], strides: [2, 1] },
      sliding: { pads: [1, 1], strides: [2, 1] },
      groups: 4,
    },
    // Each channel makes two; two groups of two.
    { weight: [6, 1, 2, 2], sizes: [[2, 3, 4, 4]], attributes: { group: 3 }, sliding: {}, groups: 3 },
    {
      weight: [6, 2, 3, 3],
      sizes: [[2, 4, 5, 5]],
      attributes: { group: 2, pads: [1, 1, 1, 1] },
      sliding: { pads: [1, 1] },
      groups: 2,
    },
  ])('are those of im2col: $weight $attributes', async ({ weight, sizes, attributes, sliding, groups }) => {
    const model = convolution(weight, attributes, 11);
    const feeds = sizes.map((dims, run) => ({ x: noise(dims, 3 + run) }));
    const whole = { kernel: weight.slice(2), strides: ones, dilations: ones, pads: [0, 0, 0], ...sliding };
    const rows = await rowsOf([model, model], feeds, {
      node: 'conv',
      rows: (x, z) => convolutionRows(x, z, whole, groups),
    });
    const { sums, outcome } = await collected({
      original: model,
      feeds,
      layers: [{ node: 'conv', keptOutputs: null }],
    });
    expect(outcome).toEqual({ notFinite: [], neverSeen: [], refused: [], passes: 1 });
    expectSums(sums.get('conv'), bruteSums(rows));
  });

  it('are taken at as many different positions of each sample as asked for', async () => {
    // One channel that holds its own position, so that each row tells where it is from.
    const g = new GraphBuilder();
    const x = g.input('x', 'float32', ['n', 1, 'h', 'w']);
    g.output(
      g.op('Conv', [x, g.constant('w', floats([1, 1, 1, 1], [2]))], { name: 'conv' }),
      'y',
      tensorType('float32', null),
    );
    const model = g.model();
    const positions = floats(
      [3, 1, 10, 10],
      Array.from({ length: 300 }, (_, i) => i % 100),
    );
    const layers = [{ node: 'conv', keptOutputs: null }];
    const draw = async (seed: number) =>
      (
        await collected({ original: model, feeds: [{ x: positions }, { x: positions }], layers, positions: 7, seed })
      ).sums.get('conv');
    const [first, again, other] = [await draw(1), await draw(1), await draw(2)];
    expect(first).toMatchObject({ rows: 42 });
    expect(first).toEqual(again);
    expect(first?.inputSums).not.toEqual(other?.inputSums);
    // A row of x goes with its own row of z = 2 x.
    expect(first?.cross[0]).toBeCloseTo(2 * (first?.gram[0] ?? NaN), 6);
    // Evenly spread: the mean of one position from each of 7 parts is close to that of all.
    expect((first?.inputSums[0] ?? NaN) / 42).toBeGreaterThan(45);
    expect((first?.inputSums[0] ?? NaN) / 42).toBeLessThan(54);
  });
});

/** x [n, m, 6] -> fc1 -> Relu -> fc2, the hidden features to be given. */
function perceptron(hidden: readonly number[], transposed: boolean): Model {
  const [w1, w2] = [noise([6, 5], 1), noise([5, 3], 2)];
  const g = new GraphBuilder();
  const x = g.input('x', 'float32', ['n', 'm', 6]);
  const at = ({ data }: DenseTensor, index: number) => Number(data[index]);
  const first = floats(
    [6, hidden.length],
    Array.from({ length: 6 }).flatMap((_, i) => hidden.map((j) => at(w1, i * 5 + j))),
  );
  const second = hidden.flatMap((i) => [0, 1, 2].map((j) => at(w2, i * 3 + j)));
  const made = g.op('Relu', [g.op('MatMul', [x, g.constant('w1', first)], { name: 'fc1' })]);
  const flat = g.op('Flatten', [made], { attributes: { axis: 2 } });
  const columns = [0, 1, 2].flatMap((j) => hidden.map((_, i) => second[i * 3 + j] ?? 0));
  const w = transposed ? floats([3, hidden.length], columns) : floats([hidden.length, 3], second);
  const inputs = [flat, g.constant('w2', w), g.constant('b2', noise([3], 4))];
  const attributes = { transB: transposed ? 1 : 0, alpha: { float: 0.5 } };
  g.output(g.op('Gemm', inputs, { name: 'fc2', attributes }), 'y', tensorType('float32', [null, 3]));
  return g.model();
}

describe('collectLayerSums', () => {
  it('joins what the pruned model reads with what the original makes, in as many passes as fit the memory', async () => {
    const [original, pruned] = [perceptron([0, 1, 2, 3, 4], false), perceptron([4, 1, 2], true)];
    // More runs than are added up in float32, of several sizes.
    const feeds = Array.from({ length: 35 }, (_, run) => ({ x: noise([1 + (run % 2), 3, 6], run) }));
    const kept = [4, 1, 2];
    const first = await rowsOf([pruned, original], feeds, { node: 'fc1', rows: matrixRows });
    const keptRows = first.targets.map((rows) => rows.map((row) => kept.map((channel) => row[channel] ?? NaN)));
    const second = await rowsOf([pruned, original], feeds, { node: 'fc2', rows: matrixRows });
    for (const { mostBytes, passes } of [
      { mostBytes: 1, passes: 2 },
      { mostBytes: 2 ** 20, passes: 1 },
    ]) {
      const told: unknown[] = [];
      const { sums, outcome } = await collected({
        original,
        pruned,
        feeds,
        mostBytes,
        // The last one first: they come in the order of the graph all the same.
        layers: [
          { node: 'fc2', keptOutputs: null },
          { node: 'fc1', keptOutputs: Int32Array.from(kept) },
        ],
        onProgress: (progress) => told.push(progress),
      });
      expect(outcome).toEqual({ notFinite: [], neverSeen: [], refused: [], passes });
      expect([...sums.keys()]).toEqual(['fc1', 'fc2']);
      expect(told).toHaveLength(35 * passes);
      expect(told.at(-1)).toEqual({ pass: passes, passes, done: 35 });
      expectSums(sums.get('fc1'), bruteSums({ ...first, targets: keptRows }));
      expectSums(sums.get('fc2'), bruteSums(second));
    }
  });

  it('keeps channels of convolutions, also where each is a group of its own', async () => {
    const net = (channels: readonly number[]) => {
      const g = new GraphBuilder();
      const [w, d] = [noise([4, 2, 1, 1], 1), noise([4, 1, 3, 3], 2)];
      const pick = ({ dims, data }: DenseTensor, size: number) =>
        floats(
          [channels.length, ...dims.slice(1)],
          channels.flatMap((c) => Array.from({ length: size }, (_, i) => Number(data[c * size + i]))),
        );
      const wide = g.op('Relu', [
        g.op('Conv', [g.input('x', 'float32', ['n', 2, 4, 4]), g.constant('w', pick(w, 2))], { name: 'wide' }),
      ]);
      const attributes = { group: channels.length, pads: [1, 1, 1, 1] };
      g.output(
        g.op('Conv', [wide, g.constant('d', pick(d, 9))], { name: 'deep', attributes }),
        'y',
        tensorType('float32', null),
      );
      return g.model();
    };
    const [original, pruned] = [net([0, 1, 2, 3]), net([3, 1])];
    const feeds = [{ x: noise([3, 2, 4, 4], 5) }];
    const keptOutputs = Int32Array.of(3, 1);
    const { sums } = await collected({
      original,
      pruned,
      feeds,
      layers: [
        { node: 'wide', keptOutputs },
        { node: 'deep', keptOutputs },
      ],
    });
    const sliding = { kernel: [3, 3], strides: ones, dilations: ones, pads: [1, 1] };
    // The pruned net is exact here: its own outputs are the kept ones of the original.
    const deep = await rowsOf([pruned, pruned], feeds, {
      node: 'deep',
      rows: (x, z) => convolutionRows(x, z, sliding, 2),
    });
    expectSums(sums.get('deep'), bruteSums(deep));
    const point = { ...sliding, kernel: [1, 1], pads: [0, 0] };
    const wide = await rowsOf([pruned, pruned], feeds, { node: 'wide', rows: (x, z) => convolutionRows(x, z, point) });
    expectSums(sums.get('wide'), bruteSums(wide));
    await expect(collected({ original, pruned, feeds, layers: [{ node: 'deep', keptOutputs: null }] })).rejects.toThrow(
      RangeError,
    );
  });

  it('takes no more rows of a product than asked for', async () => {
    const model = perceptron([0, 1, 2], false);
    const layers = [{ node: 'fc1', keptOutputs: null }];
    const feeds = [{ x: noise([20, 10, 6], 1) }, { x: noise([1, 10, 6], 1) }];
    const { sums } = await collected({ original: model, feeds, layers, mostRows: 32 });
    expect(sums.get('fc1')).toMatchObject({ rows: 42 });
  });

  it('tells what varies on top of a mean that is thousands of times larger', async () => {
    const model = convolution([3, 2, 1, 1], {});
    const shifted = (seed: number) => {
      const { dims, data } = noise([4, 2, 3, 4], seed);
      return {
        x: floats(
          [...dims],
          Array.from({ length: data.length }, (_, at) => 2000 + Number(data[at])),
        ),
      };
    };
    const feeds = [shifted(1), shifted(2), shifted(3)];
    const { sums } = await collected({ original: model, feeds, layers: [{ node: 'conv', keptOutputs: null }] });
    const found = sums.get('conv');
    // Of a 1x1 convolution a row is a place's channels.
    const places = feeds.flatMap(({ x: { dims, data } }) => {
      const [n = 0, , height = 0, width = 0] = dims;
      const area = height * width;
      return Array.from({ length: n * area }, (_, at) =>
        [0, 1].map((channel) => Number(data[(Math.floor(at / area) * 2 + channel) * area + (at % area)])),
      );
    });
    const mean = (channel: number) => places.reduce((sum, row) => sum + (row[channel] ?? 0), 0) / places.length;
    const means = [mean(0), mean(1)];
    const around = (row: readonly number[], channel: number) => (row[channel] ?? 0) - (means[channel] ?? 0);
    for (const [i, j] of [
      [0, 0],
      [0, 1],
      [1, 1],
    ] as const) {
      const scatter = places.reduce((sum, row) => sum + around(row, i) * around(row, j), 0);
      const sumsOf = (channel: number) => found?.inputSums[channel] ?? NaN;
      const told = (found?.gram[i * 2 + j] ?? NaN) - (sumsOf(i) * sumsOf(j)) / places.length;
      expect(Math.abs(told - scatter)).toBeLessThan(1e-3);
    }
  });

  it('leaves out empty runs and those that are not finite', async () => {
    const model = convolution([4, 2, 3, 3], { group: 2 });
    const good = { x: noise([1, 4, 5, 5], 1) };
    const layers = [{ node: 'conv', keptOutputs: null }];
    const bad = {
      x: floats(
        [1, 4, 3, 3],
        Array.from({ length: 36 }, (_, i) => (i === 20 ? Infinity : 1)),
      ),
    };
    const feeds = [{ x: floats([0, 4, 5, 5], []) }, good, bad, good, bad];
    const { sums, outcome } = await collected({ original: model, feeds, layers });
    expect(outcome).toMatchObject({ notFinite: [{ name: 'conv', run: 2, runs: 2 }], neverSeen: [], refused: [] });
    const { sums: expected } = await collected({ original: model, feeds: [good, good], layers });
    expectSums(sums.get('conv'), plain(expected.get('conv')));
    const empty = await collected({ original: model, feeds: feeds.slice(0, 1), layers });
    expect(empty).toMatchObject({ sums: new Map(), outcome: { neverSeen: ['conv'], notFinite: [] } });
    const none = await collected({ original: model, feeds: [bad], layers });
    expect(none).toMatchObject({ sums: new Map(), outcome: { neverSeen: [], notFinite: [{ name: 'conv' }] } });
  });

  it('says of which layers there are no sums, and why', async () => {
    const g = new GraphBuilder();
    const x = g.input('x', 'float32', [1, 2, 3, 3]);
    const w = g.constant('w', noise([2, 2, 1, 1], 1));
    const up = g.op('ConvTranspose', [x, w], { name: 'up' });
    const computed = g.op('MatMul', [up, up], { name: 'computed' });
    const batched = g.op('MatMul', [computed, g.constant('m', noise([1, 2, 3, 3], 2))], { name: 'batched' });
    const flat = g.op('Reshape', [
      batched,
      g.constant('two', { type: 'int64', dims: [2], data: BigInt64Array.of(3n, 6n) }),
    ]);
    const turned = g.op('Gemm', [flat, g.constant('t', noise([3, 2], 3))], {
      name: 'turned',
      attributes: { transA: 1 },
    });
    g.output(
      g.op('MatMul', [turned, g.constant('l', noise([2, 2], 4))], { name: 'last' }),
      'y',
      tensorType('float32', null),
    );
    const names = ['up', 'computed', 'batched', 'turned', 'last', 'nowhere'];
    const { sums, outcome } = await collected({
      original: g.model(),
      feeds: [{ x: noise([1, 2, 3, 3], 5) }],
      layers: names.map((node) => ({ node, keptOutputs: null })),
    });
    expect([...sums.keys()]).toEqual(['last']);
    expect(Object.fromEntries(outcome.refused.map(({ node, reason }) => [node, reason]))).toEqual({
      up: 'operator',
      computed: 'weight-not-constant',
      batched: 'batched-weight',
      turned: 'transposed-input',
      nowhere: 'not-found',
    });
  });
});
