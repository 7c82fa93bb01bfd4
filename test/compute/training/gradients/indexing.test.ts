import { describe, expect, test } from 'vitest';
import { encodeModel } from '../../../../src/onnx/file/encode-model.ts';
import type { DenseTensor } from '../../../../src/onnx/dense-tensor.ts';
import { long, longs } from '../../../../src/onnx/graph-builder.ts';
import { Expressions } from '../../../../src/compute/expressions/expressions.ts';
import { scatterAdd } from '../../../../src/compute/training/gradients/scatter-add.ts';
import { numbersOf } from '../../../../src/onnx/tensor-types/numbers-of.ts';
import { fromOutputs, openOnnxSession, toFeeds } from '../../../../src/runtime/onnxruntime.ts';
import { differentiated } from './differentiated.ts';
import { drawn, expectLinear } from './expect-linear.ts';

function indices(dims: readonly number[], values: readonly number[]): DenseTensor {
  return { ...longs(values), dims };
}

describe('Gather', () => {
  test.each([
    { axis: 0, places: indices([2, 2], [0, -1, 2, 0]) },
    { axis: -1, places: indices([3], [1, 1, -4]) },
    { axis: 1, places: long(-1) },
  ])('of a short axis $axis', ({ axis, places }) =>
    expectLinear({
      feeds: { x: drawn(3, 2, 4), places },
      build: (g, input) => g.op('Gather', [input('x'), input('places')], { attributes: { axis } }),
    }),
  );

  test.each([0, 1])('of a long axis %i', (axis) =>
    expectLinear({
      feeds: { x: drawn(...(axis === 0 ? [300, 1] : [1, 300])), places: indices([4], [299, 3, -1, 3]) },
      build: (g, input) => g.op('Gather', [input('x'), input('places')], { attributes: { axis } }),
    }),
  );

  test.each([[long(-1)], [longs([1, 2])], [longs([2, 1])], [indices([2, 1], [0, 0])]])('by constants %#', (places) =>
    expectLinear({
      feeds: { x: drawn(2, 3, 2) },
      build: (g, input) => g.op('Gather', [input('x'), g.constant('i', places)], { attributes: { axis: 1 } }),
    }),
  );

  test('by int32', () =>
    expectLinear({
      feeds: { x: drawn(3, 2), places: { type: 'int32', dims: [3], data: Int32Array.of(-1, 0, 2) } },
      build: (g, input) => g.op('Gather', [input('x'), input('places')]),
    }));
});

test('GatherElements', () =>
  expectLinear({
    feeds: { x: drawn(2, 3), places: indices([2, 4], [0, 2, -1, 0, 1, 1, 1, 0]) },
    build: (g, input) => g.op('GatherElements', [input('x'), input('places')], { attributes: { axis: 1 } }),
  }));

describe('GatherND', () => {
  test.each([
    { batch_dims: 0, places: indices([3, 2], [0, 1, -1, 2, 0, 1]) },
    { batch_dims: 0, places: indices([2, 1, 1], [1, -2]) },
    { batch_dims: 1, places: indices([2, 2, 1], [2, -1, 0, 0]) },
    { batch_dims: 1, places: indices([2, 2], [2, -1, 0, 3]) },
  ])('%#', ({ batch_dims, places }) =>
    expectLinear({
      feeds: { x: drawn(2, 3, 4), places },
      build: (g, input) => g.op('GatherND', [input('x'), input('places')], { attributes: { batch_dims } }),
    }),
  );
});

describe('scattering', () => {
  test.each(['none', 'add'])('ScatterElements, %s', (reduction) =>
    expectLinear({
      feeds: { x: drawn(2, 4), places: indices([2, 2], [0, -1, 2, 1]), updates: drawn(2, 2) },
      build: (g, input) =>
        g.op('ScatterElements', [input('x'), input('places'), input('updates')], {
          attributes: { axis: -1, reduction },
        }),
    }),
  );

  test.each(['none', 'add'])('ScatterND, %s', (reduction) =>
    expectLinear({
      feeds: { x: drawn(4, 3), places: indices([2, 1], [-1, 1]), updates: drawn(2, 3) },
      build: (g, input) =>
        g.op('ScatterND', [input('x'), input('places'), input('updates')], { attributes: { reduction } }),
    }),
  );

  test('other reductions are told', async () => {
    const { frozen } = await differentiated({
      feeds: { x: drawn(3), places: indices([1, 1], [1]), updates: drawn(1) },
      build: (g, input) =>
        g.op('ScatterND', [input('x'), input('places'), input('updates')], { attributes: { reduction: 'max' } }),
    });
    expect(frozen['x']).toBe("ScatterND: its reduction 'max' has no gradient rule");
  });
});

test.each([0, 1])('Trilu, upper %i', (upper) =>
  expectLinear({
    feeds: { x: drawn(2, 3, 4) },
    build: (g, input) => g.op('Trilu', [input('x'), g.constant('k', long(-1))], { attributes: { upper } }),
  }),
);

test.each([2, 300])('no addition is lost on several threads, of %i rows', async (length) => {
  const [count, width] = [20_000, 64];
  const e = new Expressions();
  const places = e.input('places', 'int64', [1, count]);
  const updates = e.input('updates', 'float32', [1, count, width]);
  e.output(scatterAdd(e, { updates, indices: places, length }), 'sums');
  const session = await openOnnxSession({
    modelPath: '',
    bytes: encodeModel(e.model()),
    provider: 'cpu',
    threads: 4,
    optimization: 'disabled',
    strictProvider: false,
  });
  const feeds = {
    places: indices(
      [1, count],
      Array.from({ length: count }, (_, i) => i % 2),
    ),
    updates: { type: 'float32', dims: [1, count, width], data: new Float32Array(count * width).fill(1) },
  } as const;
  const { sums } = fromOutputs(await session.run(toFeeds(feeds)));
  if (sums === undefined) throw new Error('sums are missing');
  expect(new Set(numbersOf(sums).slice(0, 2 * width))).toEqual(new Set([count / 2]));
});
