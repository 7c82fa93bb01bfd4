import { expect, test } from 'vitest';
import { longs } from '../../../../src/onnx/graph-builder.ts';
import { differentiated } from './differentiated.ts';
import { drawn, expectLinear } from './expect-linear.ts';

test.each(['DCR', 'CRD'])('DepthToSpace, %s', (mode) =>
  expectLinear({
    feeds: { x: drawn(2, 8, 2, 3) },
    build: (g, input) => g.op('DepthToSpace', [input('x')], { attributes: { blocksize: 2, mode } }),
  }),
);

test('SpaceToDepth', () =>
  expectLinear({
    feeds: { x: drawn(2, 2, 4, 6) },
    build: (g, input) => g.op('SpaceToDepth', [input('x')], { attributes: { blocksize: 2 } }),
  }));

test('Tile', () =>
  expectLinear({
    feeds: { x: drawn(2, 1, 3) },
    build: (g, input) => g.op('Tile', [input('x'), g.constant('repeats', longs([1, 4, 2]))]),
  }));

test('a tensor that is put together with itself gets the gradients of both places', () =>
  expectLinear({
    feeds: { x: drawn(2, 2), y: drawn(2, 1) },
    build: (g, input) => g.op('Concat', [input('x'), input('y'), input('x')], { attributes: { axis: -1 } }),
  }));

test('a part that nobody reads counts as zeros', async () => {
  const { gradients } = await differentiated({
    feeds: { x: drawn(4) },
    build: (g, input) => {
      const [, second] = g.ops('Split', [input('x')], { outputs: 2, attributes: { num_outputs: 2 } });
      return second ?? input('x');
    },
  });
  expect(gradients['x']?.slice(0, 2)).toEqual([0, 0]);
});
