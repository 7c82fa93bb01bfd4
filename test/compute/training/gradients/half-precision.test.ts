import { expect, test } from 'vitest';
import type { DataType } from '../../../../src/onnx/data-type.ts';
import { numberOfDataType } from '../../../../src/onnx/file/data-type-number.ts';
import type { GraphBuilder } from '../../../../src/onnx/graph-builder.ts';
import { longs } from '../../../../src/onnx/graph-builder.ts';
import type { Value } from '../../../../src/onnx/value.ts';
import { differentiated } from './differentiated.ts';
import { drawn } from './expect-linear.ts';

type Write = (g: GraphBuilder, x: Value, scale: Value) => Value;

const overlapping = { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] };

/** On x [2, 3, 6, 6] and a scale [3]. */
const graphs: Readonly<Record<string, Write>> = {
  AveragePool: (g, x) => g.op('AveragePool', [x], { attributes: overlapping }),
  BatchNormalization: (g, x, scale) => g.op('BatchNormalization', [x, scale, scale, scale, g.op('Exp', [scale])]),
  Gather: (g, x) => g.op('Gather', [x, g.constant('indices', longs([2, 0, 2]))], { attributes: { axis: 3 } }),
  InstanceNormalization: (g, x, scale) => g.op('InstanceNormalization', [x, scale, scale]),
  MaxPool: (g, x) => g.op('MaxPool', [x], { attributes: overlapping }),
  'MaxPool of tiles': (g, x) => g.op('MaxPool', [x], { attributes: { kernel_shape: [2, 2], strides: [2, 2] } }),
  Pow: (g, x) => g.op('Pow', [g.op('Exp', [x]), x]),
};

function cast(g: GraphBuilder, x: Value, type: DataType): Value {
  return g.op('Cast', [x], { attributes: { to: numberOfDataType(type) } });
}

function gradientsIn(type: DataType, write: Write) {
  return differentiated({
    feeds: { x: drawn(2, 3, 6, 6), scale: drawn(3) },
    build: (g, input) => cast(g, write(g, cast(g, input('x'), type), cast(g, input('scale'), type)), 'float32'),
  });
}

test.each(Object.entries(graphs))('%s in half precision has the gradient of single precision', async (_, write) => {
  const [halves, singles] = [await gradientsIn('float16', write), await gradientsIn('float32', write)];
  expect(halves.frozen).toEqual({});
  for (const [name, single] of Object.entries(singles.gradients)) {
    const half = halves.gradients[name] ?? [];
    const length = Math.hypot(...single);
    expect(length).toBeGreaterThan(0);
    expect(Math.hypot(...single.map((each, i) => each - (half[i] ?? 0))) / length).toBeLessThan(2e-2);
  }
});
