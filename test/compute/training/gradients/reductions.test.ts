import { describe, expect, test } from 'vitest';
import { floats, longs } from '../../../../src/onnx/graph-builder.ts';
import { differentiated, weightsOf } from './differentiated.ts';

const rows = [
  [1, -2, 0.5],
  [3, 0.25, 2],
];
const weights = weightsOf(2);

/** The gradient of a reduction of the two rows. */
async function gradientOf(op: string, numbers: readonly (readonly number[])[]) {
  const { gradients } = await differentiated({
    feeds: { x: floats([2, 3], numbers.flat()) },
    build: (g, input) => g.op(op, [input('x'), g.constant('axes', longs([-1]))], { attributes: { keepdims: 0 } }),
  });
  return gradients['x'] ?? [];
}

const formulas: Readonly<Record<string, (row: readonly number[]) => number>> = {
  ReduceL1: (row) => row.reduce((sum, x) => sum + Math.abs(x), 0),
  ReduceLogSum: (row) => Math.log(row.reduce((sum, x) => sum + Math.abs(x), 0)),
  ReduceLogSumExp: (row) => Math.log(row.reduce((sum, x) => sum + Math.exp(x), 0)),
};

test.each(Object.keys(formulas))('%s, by central differences of its formula', async (op) => {
  const formula = formulas[op] ?? (() => Number.NaN);
  // A logarithm wants sums above 0.
  const numbers = op === 'ReduceLogSum' ? rows.map((row) => row.map(Math.abs)) : rows;
  const found = await gradientOf(op, numbers);
  for (const [r, row] of numbers.entries())
    for (const [i, x] of row.entries()) {
      const slope = (formula(row.with(i, x + 1e-6)) - formula(row.with(i, x - 1e-6))) / 2e-6;
      expect(found[3 * r + i]).toBeCloseTo(slope * (weights[r] ?? 0), 4);
    }
});

describe('where a reduction has a corner', () => {
  const [a = 0, b = 0] = weights;

  test.each(['ReduceMax', 'ReduceMin'])('equal elements of %s share the gradient', async (op) => {
    const found = await gradientOf(op, [
      [2, 2, 2],
      [op === 'ReduceMax' ? 0 : 9, 5, 5],
    ]);
    for (const [i, number] of [a / 3, a / 3, a / 3, 0, b / 2, b / 2].entries()) expect(found[i]).toBeCloseTo(number, 5);
  });

  test('the norm of zeros has the gradient 0', async () => {
    const found = await gradientOf('ReduceL2', [
      [0, 0, 0],
      [3, 0, 4],
    ]);
    for (const [i, number] of [0, 0, 0, 0.6 * b, 0, 0.8 * b].entries()) expect(found[i]).toBeCloseTo(number, 5);
  });
});

test('axes that are computed are told', async () => {
  const { frozen } = await differentiated({
    feeds: { x: floats([2, 3], rows.flat()), axes: longs([1]) },
    build: (g, input) =>
      g.op('Reshape', [
        g.op('ReduceSum', [input('x'), input('axes')], { attributes: { keepdims: 1 } }),
        g.constant('shape', longs([2])),
      ]),
  });
  expect(frozen).toEqual({ x: 'ReduceSum: its axes are no constant' });
});
