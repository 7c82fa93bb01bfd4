import { expect, test } from 'vitest';
import { numberOfDataType } from '../../../src/onnx/file/data-type-number.ts';
import type { GraphBuilder } from '../../../src/onnx/graph-builder.ts';
import { floats } from '../../../src/onnx/graph-builder.ts';
import { tensorOfNumbers } from '../../../src/onnx/tensor-types/tensor-of-numbers.ts';
import type { Value } from '../../../src/onnx/value.ts';
import { differentiated, weightsOf } from './gradients/differentiated.ts';

const feeds = { x: floats([3], [0.4, 1.6, 2.3]) };

function whole(g: GraphBuilder, x: Value): Value {
  return g.op('Cast', [x], { attributes: { to: numberOfDataType('int64') } });
}

test('whole numbers hand no gradient on to what they were rounded from', async () => {
  // x to the power of its whole part: the exponent is no variable.
  const { gradients } = await differentiated({
    feeds,
    build: (g, input) => g.op('Pow', [input('x'), whole(g, input('x'))]),
  });
  const expected = [0, 1, 2 * 2.3].map((slope, i) => slope * (weightsOf(3)[i] ?? 0));
  for (const [i, slope] of expected.entries()) expect(gradients['x']?.[i]).toBeCloseTo(slope, 4);
});

test('quantizing is told, and freezes what it quantizes also where there is a way around', async () => {
  const { gradients, frozen } = await differentiated({
    feeds,
    build: (g, input) => {
      const scale = g.constant('scale', floats([], [0.1]));
      const zero = g.constant('zero', tensorOfNumbers('uint8', [], [0]));
      const quantized = g.op('QuantizeLinear', [input('x'), scale, zero]);
      return g.op('Add', [g.op('DequantizeLinear', [quantized, scale, zero]), input('x')]);
    },
  });
  expect(gradients).toEqual({});
  expect(frozen).toEqual({ x: 'QuantizeLinear: it has no gradient rule' });
});
