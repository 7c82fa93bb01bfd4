import { expect, test } from 'vitest';
import { trainableParameters } from '../../../src/compute/training/trainable-parameters.ts';
import { openModel } from '../../../src/onnx/file/open-model.ts';
import { floats, GraphBuilder, longs } from '../../../src/onnx/graph-builder.ts';
import { constantsToInitializers } from '../../../src/onnx/passes/constants-to-initializers.ts';
import type { Value } from '../../../src/onnx/value.ts';
import { npmModels } from '../npm-models.ts';

/** What may be trained of a graph on `x` [2, 3]. */
function trained(
  write: (g: GraphBuilder, x: Value, weights: (name: string, dims: readonly number[]) => Value) => Value,
) {
  const g = new GraphBuilder();
  const weights = (name: string, dims: readonly number[]): Value => {
    const count = dims.reduce((product, dim) => product * dim, 1);
    return g.constant(
      name,
      floats(
        dims,
        Array.from({ length: count }, (_, i) => i / 10),
      ),
    );
  };
  g.output(write(g, g.input('x', 'float32', [2, 3]), weights), 'y');
  return trainableParameters(g.model({ opset: 20 }));
}

test('weights, biases and scales, also where they are turned first', () => {
  const names = trained((g, x, weights) => {
    const product = g.op('MatMul', [x, g.op('Transpose', [weights('w', [4, 3])], { attributes: { perm: [1, 0] } })]);
    return g.op('Mul', [g.op('Add', [product, weights('b', [4])]), weights('scale', [4])]);
  });
  expect(names).toEqual(['w', 'b', 'scale']);
});

test('a weight of one number is one, a lone number of a formula is none', () => {
  const names = trained((g, x, weights) =>
    g.op('Div', [g.op('Gemm', [x, weights('w', [3, 1]), weights('b', [1])]), weights('half', [])]),
  );
  expect(names).toEqual(['w', 'b']);
});

test('statistics of a normalization are none', () => {
  const names = trained((g, x, weights) =>
    g.op('BatchNormalization', [x, ...['scale', 'bias', 'mean', 'variance'].map((name) => weights(name, [3]))]),
  );
  expect(names).toEqual(['scale', 'bias']);
});

test('masks are none', () => {
  const names = trained((g, x) => g.op('Add', [x, g.constant('mask', floats([3], [0, -3e38, -1e4]))]));
  expect(names).toEqual([]);
});

/** Angles of a position, as rotary and sinusoidal embeddings have them: one frequency a column. */
function angles(rows: number, columns: number): readonly number[] {
  return Array.from(
    { length: rows * columns },
    (_, i) => Math.floor(i / columns) * 10_000 ** -((i % columns) / columns),
  );
}

test.each([
  ['sines', 'Mul', angles(12, 3).map(Math.sin)],
  ['cosines', 'Mul', angles(12, 3).map(Math.cos)],
  [
    'sinusoidal positions',
    'Add',
    angles(12, 3).map((angle, i) => ((i % 3) % 2 === 0 ? Math.sin(angle) : Math.cos(angle))),
  ],
])('an embedding is one, a table of %s is none', (_, op, numbers) => {
  const names = trained((g, x, weights) => {
    const positions = g.constant('positions', longs([1, 0]));
    const embedded = g.op('Add', [x, g.op('Gather', [weights('embedding', [12, 3]), positions])]);
    return g.op(op, [embedded, g.op('Gather', [g.constant('table', floats([12, 3], numbers)), positions])]);
  });
  expect(names).toEqual(['embedding']);
});

test('a table of sines that is cut and not looked up is none', () => {
  const names = trained((g, x) => {
    const table = g.constant('sines', floats([1, 12, 3], angles(12, 3).map(Math.sin)));
    const ends = [[0], [2], [1]].map((numbers, index) => g.constant(`cut ${index}`, longs(numbers)));
    return g.op('Mul', [x, g.op('Slice', [table, ...ends])]);
  });
  expect(names).toEqual([]);
});

test('an embedding that a mask is multiplied into is one', () => {
  const names = trained((g, x) => {
    const numbers = floats(
      [12, 3],
      Array.from({ length: 36 }, (_, i) => Math.cos(i * i)),
    );
    const positions = g.constant('positions', longs([1, 0]));
    return g.op('Mul', [g.op('Gather', [g.constant('embedding', numbers), positions]), x]);
  });
  expect(names).toEqual(['embedding']);
});

test('zeros and ones that choose are none', () => {
  const names = trained((g, x) => g.op('Mul', [x, g.constant('causal', floats([2, 3], [1, 0, 0, 1, 1, 0]))]));
  expect(names).toEqual([]);
});

test('weights of an Einsum are, and those of an LSTM, which training tells it cannot reach', () => {
  const names = trained((g, x, weights) => {
    const product = g.op('Einsum', [x, weights('w', [3, 4])], { attributes: { equation: 'ab,bc->ac' } });
    const sequence = g.op('Unsqueeze', [product, g.constant('axis', longs([0]))]);
    const inputs = [sequence, weights('gates', [1, 8, 4]), weights('recurrence', [1, 8, 2])];
    return g.op('LSTM', inputs, { attributes: { hidden_size: 2 } });
  });
  expect(names).toEqual(['w', 'gates', 'recurrence']);
});

test('weights before a sine that is an activation are', () => {
  expect(trained((g, x, weights) => g.op('Sin', [g.op('MatMul', [x, weights('w', [3, 3])])]))).toEqual(['w']);
});

test.each(['Mul', 'MatMul'])('rotary frequencies are none, met by %s', (op) => {
  const names = trained((g, x, weights) => {
    const angles = g.op(op, [x, weights('frequencies', [3, 3].slice(op === 'Mul' ? 1 : 0))]);
    const both = g.op('Concat', [angles, angles], { attributes: { axis: 1 } });
    return g.op('Add', [g.op('Sin', [both]), g.op('Cos', [both])]);
  });
  expect(names).toEqual([]);
});

test('of a real recognizer: all layers, attention and norms, but no number of a formula', () => {
  const { model } = openModel(npmModels['rec']?.path ?? '');
  constantsToInitializers.apply(model);
  const names = new Set(trainableParameters(model));
  const floats = [...model.graph.initializers].filter(({ tensor }) => tensor?.type === 'float32');
  const weights = floats.filter(({ uses: [use] }) => {
    return use?.node.is('Conv', 'MatMul') || (use?.node.is('BatchNormalization') && use.index < 3);
  });
  expect(weights.length).toBeGreaterThan(80);
  expect(weights.filter(({ name }) => !names.has(name))).toEqual([]);
  expect(floats.filter(({ name, tensor }) => names.has(name) && tensor?.dims.length === 0)).toEqual([]);
});
