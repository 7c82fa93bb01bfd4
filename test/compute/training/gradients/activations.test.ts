import { describe, expect, test } from 'vitest';
import type { PlainAttribute } from '../../../../src/onnx/graph-builder.ts';
import { floats } from '../../../../src/onnx/graph-builder.ts';
import { differentiated, weightsOf } from './differentiated.ts';

/** The slopes of an operator at some points: its gradient without the weights. */
async function slopes(
  op: string,
  points: readonly number[],
  attributes: Readonly<Record<string, PlainAttribute>> = {},
) {
  const { gradients } = await differentiated({
    feeds: { x: floats([points.length], points) },
    build: (g, input) => g.op(op, [input('x')], { attributes }),
  });
  const weights = weightsOf(points.length);
  return gradients['x']?.map((gradient, i) => Number((gradient / (weights[i] ?? 1)).toFixed(5)) + 0);
}

describe('slopes where a function has a corner are those of PyTorch', () => {
  test.each([
    ['Relu', [-1, 0, 1], {}, [0, 0, 1]],
    ['LeakyRelu', [-1, 0, 1], { alpha: 0.25 }, [0.25, 0.25, 1]],
    ['Elu', [0, 1], { alpha: 0.5 }, [0.5, 1]],
    ['ThresholdedRelu', [1, 2, 3], { alpha: { float: 2 } }, [0, 0, 1]],
    ['HardSigmoid', [-2, -1, 0, 1, 2], { alpha: 0.5, beta: 0.5 }, [0, 0, 0.5, 0, 0]],
    ['HardSwish', [-4, -3, 0, 3, 4], {}, [0, 0, 0.5, 1, 1]],
    ['Abs', [-2, 0, 2], {}, [-1, 0, 1]],
  ])('%s at %j', async (op, points, attributes, expected) => {
    const found = await slopes(op, points, attributes);
    expect(found).toEqual(expected);
  });
});

test('far from 0 nothing overflows', async () => {
  for (const op of ['Mish', 'Softplus', 'Sigmoid', 'Tanh', 'Elu', 'Selu', 'Celu', 'Softsign'])
    for (const slope of (await slopes(op, [-90, 90])) ?? [Number.NaN]) expect(Number.isFinite(slope)).toBe(true);
  for (const approximate of ['none', 'tanh']) expect(await slopes('Gelu', [-50, 50], { approximate })).toEqual([0, 1]);
});

test('Swish, by central differences of its formula', async () => {
  const swish = (x: number): number => x / (1 + Math.exp(-1.5 * x));
  const points = [-3, -0.5, 0, 1, 4];
  const { gradients } = await differentiated({
    feeds: { x: floats([points.length], points) },
    opset: 24,
    build: (g, input) => g.op('Swish', [input('x')], { attributes: { alpha: 1.5 } }),
  });
  const weights = weightsOf(points.length);
  for (const [i, x] of points.entries())
    expect(gradients['x']?.[i]).toBeCloseTo(((swish(x + 1e-5) - swish(x - 1e-5)) / 2e-5) * (weights[i] ?? 0), 4);
});

describe('Clip', () => {
  const points = [-2, -1, 0, 2, 3];
  const [a = 0, b = 0, c = 0, d = 0, f = 0] = weightsOf(5);

  async function clip(bounds: { readonly low?: number; readonly high?: number }) {
    const { low, high } = bounds;
    const feeds = {
      x: floats([5], points),
      ...(low === undefined ? {} : { low: floats([], [low]) }),
      ...(high === undefined ? {} : { high: floats([], [high]) }),
    };
    const { gradients } = await differentiated({
      feeds,
      build: (g, input) =>
        g.op('Clip', [
          input('x'),
          low === undefined ? null : input('low'),
          ...(high === undefined ? [] : [input('high')]),
        ]),
    });
    return gradients;
  }

  function expectNumbers(found: readonly number[] | undefined, expected: readonly number[]): void {
    expect(found?.length).toBe(expected.length);
    for (const [i, number] of expected.entries()) expect(found?.[i]).toBeCloseTo(number, 5);
  }

  test('passes the gradient at its bounds, and hands them what lies beyond', async () => {
    const { x, low, high } = await clip({ low: -1, high: 2 });
    expectNumbers(x, [0, b, c, d, 0]);
    expectNumbers(low, [a]);
    expectNumbers(high, [f]);
  });

  test('with one bound', async () => {
    const above = await clip({ low: -1 });
    expectNumbers(above['x'], [0, b, c, d, f]);
    expectNumbers(above['low'], [a]);
    const below = await clip({ high: 0 });
    expectNumbers(below['x'], [a, b, c, 0, 0]);
    expectNumbers(below['high'], [d + f]);
  });

  test('the upper bound is the result where bounds cross', async () => {
    const { x, low, high } = await clip({ low: 1, high: -1.5 });
    expectNumbers(x, [0, 0, 0, 0, 0]);
    expectNumbers(low, [0]);
    expectNumbers(high, [a + b + c + d + f]);
  });
});

test('PRelu trains its slope, which is broadcast', async () => {
  const { gradients } = await differentiated({
    feeds: { x: floats([2, 2], [-1, 2, 0, -3]), slope: floats([2, 1], [0.5, 0.25]) },
    build: (g, input) => g.op('PRelu', [input('x'), input('slope')]),
  });
  const [a = 0, b = 0, c = 0, d = 0] = weightsOf(4);
  for (const [i, number] of [0.5 * a, b, 0.25 * c, 0.25 * d].entries())
    expect(gradients['x']?.[i]).toBeCloseTo(number, 5);
  for (const [i, number] of [-a, -3 * d].entries()) expect(gradients['slope']?.[i]).toBeCloseTo(number, 5);
});
