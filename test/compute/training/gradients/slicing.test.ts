import { expect, test } from 'vitest';
import { longs } from '../../../../src/onnx/graph-builder.ts';
import { differentiated } from './differentiated.ts';
import { drawn, expectLinear } from './expect-linear.ts';

test.each([
  { starts: [1], ends: [4], axes: [0], steps: [1] },
  { starts: [0], ends: [100], axes: [-2], steps: [2] },
  { starts: [1], ends: [5], axes: [0], steps: [3] },
  { starts: [-1], ends: [-100], axes: [0], steps: [-1] },
  { starts: [100], ends: [0], axes: [0], steps: [-2] },
  { starts: [4, -2], ends: [-6, 3], axes: [0, 1], steps: [-3, 1] },
  { starts: [2], ends: [2], axes: [0], steps: [1] },
])('%j', ({ starts, ends, axes, steps }) =>
  expectLinear({
    feeds: { x: drawn(5, 3) },
    build: (g, input) =>
      g.op('Slice', [
        input('x'),
        ...[starts, ends, axes, steps].map((numbers) => g.constant('numbers', longs(numbers))),
      ]),
  }),
);

test('bounds that are computed are told', async () => {
  const { frozen } = await differentiated({
    feeds: { x: drawn(4), start: longs([1]) },
    build: (g, input) =>
      g.op('Reshape', [
        g.op('Slice', [input('x'), input('start'), g.constant('end', longs([3]))]),
        g.constant('shape', longs([2])),
      ]),
  });
  expect(frozen).toEqual({ x: 'Slice: its starts, ends, axes or steps are no constants' });
});
