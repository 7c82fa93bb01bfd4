import { describe, expect, test } from 'vitest';
import { floats, longs } from '../../../../src/onnx/graph-builder.ts';
import type { PlainAttribute } from '../../../../src/onnx/graph-builder.ts';
import { differentiated } from './differentiated.ts';
import { drawn, expectLinear } from './expect-linear.ts';

type Attributes = Readonly<Record<string, PlainAttribute>>;

function expectResized(
  attributes: Attributes,
  { scales, sizes }: { scales?: readonly number[]; sizes?: readonly number[] },
) {
  return expectLinear({
    feeds: { x: drawn(1, 2, 4, 3) },
    build: (g, input) =>
      g.op(
        'Resize',
        [
          input('x'),
          null,
          scales === undefined ? null : g.constant('scales', floats([scales.length], scales)),
          ...(sizes === undefined ? [] : [g.constant('sizes', longs(sizes))]),
        ],
        { attributes },
      ),
  });
}

describe('Resize', () => {
  test.each([
    { mode: 'nearest', coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' },
    { mode: 'nearest' },
    { mode: 'linear' },
    { mode: 'linear', coordinate_transformation_mode: 'align_corners' },
    { mode: 'cubic', coordinate_transformation_mode: 'pytorch_half_pixel', exclude_outside: 1 },
  ])('to twice and thrice the size: %j', (attributes) => expectResized(attributes, { scales: [1, 1, 2, 3] }));

  test.each(['nearest', 'linear', 'cubic'])('to told lengths, smaller and larger: %s', (mode) =>
    expectResized({ mode }, { sizes: [1, 2, 3, 7] }),
  );

  test('of some axes', () => expectResized({ mode: 'linear', axes: [2, 3] }, { scales: [0.75, 1.5] }));

  test('with antialiasing', () => expectResized({ mode: 'linear', antialias: 1 }, { sizes: [1, 2, 2, 2] }));

  test('cropping is told', async () => {
    const { frozen } = await differentiated({
      feeds: { x: drawn(1, 1, 4, 4) },
      build: (g, input) =>
        g.op(
          'Resize',
          [
            input('x'),
            g.constant('roi', floats([8], [0, 0, 0, 0, 1, 1, 0.5, 0.5])),
            g.constant('scales', floats([4], [1, 1, 1, 1])),
          ],
          { attributes: { mode: 'linear', coordinate_transformation_mode: 'tf_crop_and_resize' } },
        ),
    });
    expect(frozen).toEqual({ x: 'Resize: it also crops' });
  });
});
