import { expect, test } from 'vitest';
import { floats } from '../../../../src/onnx/graph-builder.ts';
import { differentiated, weightsOf } from './differentiated.ts';

const [a = 0, b = 0] = weightsOf(2);
const x = floats([2], [1.5, -2.5]);

test('a cast between floats is passed, in the type of its input', async () => {
  const half = 10;
  const { gradients } = await differentiated({
    feeds: { x },
    build: (g, input) =>
      g.op('Mul', [
        g.op('Cast', [input('x')], { attributes: { to: half } }),
        g.op('Cast', [g.constant('c', floats([], [3]))], { attributes: { to: half } }),
      ]),
  });
  expect(gradients['x']?.[0]).toBeCloseTo(3 * a, 2);
  expect(gradients['x']?.[1]).toBeCloseTo(3 * b, 2);
});

test('whole numbers have no gradient, nor has what they are made of', async () => {
  const [int64, float] = [7, 1];
  const rounded = await differentiated({
    feeds: { x },
    build: (g, input) => {
      const whole = g.op('Cast', [input('x')], { attributes: { to: int64 } });
      return g.op('Add', [input('x'), g.op('Cast', [whole], { attributes: { to: float } })]);
    },
  });
  expect(rounded.frozen).toEqual({});
  expect(rounded.gradients['x']?.[0]).toBeCloseTo(a, 5);
  expect(rounded.gradients['x']?.[1]).toBeCloseTo(b, 5);
});

test('a Dropout that drops is told', async () => {
  const dropout = (training: boolean) =>
    differentiated({
      feeds: { x },
      build: (g, input) => {
        const isTraining = g.constant('training', { type: 'bool', dims: [], data: Uint8Array.of(training ? 1 : 0) });
        return g.op('Dropout', [input('x'), g.constant('ratio', floats([], [0.5])), isTraining]);
      },
    });
  expect((await dropout(true)).frozen).toEqual({ x: 'Dropout: it drops elements by chance' });
  const { frozen, gradients } = await dropout(false);
  expect(frozen).toEqual({});
  expect(gradients['x']?.[0]).toBeCloseTo(a, 5);
});
