import { describe, test } from 'vitest';
import { floats, longs } from '../../../../src/onnx/graph-builder.ts';
import { drawn, expectLinear } from './expect-linear.ts';

describe('Pad', () => {
  test.each(['constant', 'reflect', 'edge', 'wrap'])('%s', (mode) =>
    expectLinear({
      feeds: { x: drawn(2, 4, 3) },
      build: (g, input) =>
        g.op('Pad', [input('x'), g.constant('pads', longs([0, 3, 1, 0, 2, 2]))], { attributes: { mode } }),
    }),
  );

  test.each(['constant', 'reflect', 'edge'])('%s with a side cut off', (mode) =>
    expectLinear({
      feeds: { x: drawn(5, 4) },
      build: (g, input) =>
        g.op('Pad', [input('x'), g.constant('pads', longs([-1, 1, 2, -1]))], { attributes: { mode } }),
    }),
  );

  test('of some axes', () =>
    expectLinear({
      feeds: { x: drawn(2, 3, 2) },
      build: (g, input) =>
        g.op('Pad', [
          input('x'),
          g.constant('pads', longs([1, 0, 2, 1])),
          g.constant('fill', floats([], [0])),
          g.constant('axes', longs([-1, 0])),
        ]),
    }));

  test('the number around it has a gradient, too', () =>
    expectLinear({
      feeds: { x: drawn(3, 2), fill: floats([], [1.5]) },
      build: (g, input) => g.op('Pad', [input('x'), g.constant('pads', longs([1, -1, 0, 2])), input('fill')]),
    }));
});
