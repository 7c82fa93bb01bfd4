import { expect, test } from 'vitest';
import { floats } from '../../../../src/onnx/graph-builder.ts';
import { differentiated, weightsOf } from './differentiated.ts';

const [a = 0, b = 0, c = 0] = weightsOf(3);

test.each([
  ['Max', [a, b / 2, 0], [0, b / 2, c / 2], [0, 0, c / 2]],
  ['Min', [0, b / 2, c], [a / 2, b / 2, 0], [a / 2, 0, 0]],
])('equal operands of %s share the gradient', async (op, x, y, z) => {
  const feeds = {
    x: floats([3], [9, 2, 0]),
    y: floats([3], [-1, 2, 5]),
    z: floats([3], [-1, op === 'Max' ? 1 : 3, 5]),
  };
  const { gradients } = await differentiated({
    feeds,
    build: (g, input) => g.op(op, [input('x'), input('y'), input('z')]),
  });
  for (const [name, expected] of Object.entries({ x, y, z }))
    for (const [i, number] of expected.entries()) expect(gradients[name]?.[i]).toBeCloseTo(number, 5);
});

test('an operand that is named twice gets both its shares', async () => {
  const { gradients } = await differentiated({
    feeds: { x: floats([3], [1, 2, 3]) },
    build: (g, input) => g.op('Max', [input('x'), input('x')]),
  });
  for (const [i, number] of [a, b, c].entries()) expect(gradients['x']?.[i]).toBeCloseTo(number, 5);
});
