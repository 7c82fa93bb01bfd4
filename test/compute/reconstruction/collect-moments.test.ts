import { describe, expect, it } from 'vitest';
import { collectMoments } from '../../../src/compute/reconstruction/collect-moments.ts';
import { floats, GraphBuilder } from '../../../src/onnx/graph-builder.ts';
import type { Model } from '../../../src/onnx/model.ts';
import { tensorType } from '../../../src/onnx/value-type.ts';
import { calibrated, noise } from '../calibration/calibrated.ts';

/** y = -x, z = x of any shape. */
function negated(opset = 17): Model {
  const g = new GraphBuilder();
  const x = g.input('x', 'float32', [null, null, null, null]);
  g.output(g.op('Neg', [x], { as: 'hidden' }), 'y', tensorType('float32', null));
  return g.model({ opset });
}

/** Of slice `i` along axis 1 of [2, 3, 2, 2]: 10 i + 0 … 7. */
const slices = floats(
  [2, 3, 2, 2],
  [0, 1].flatMap((sample) => [0, 1, 2].flatMap((i) => [0, 1, 2, 3].map((at) => 10 * i + 4 * sample + at))),
);

const mean = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0) / numbers.length;

describe('collectMoments', () => {
  it('tells mean and mean square of slices along any axis', async () => {
    const feeds = [{ x: slices }, { x: slices }];
    const axes = [1, -3, -1, 0, 2, 3];
    const places = ['x', 'y'].flatMap((value) => axes.map((axis) => ({ value, axis })));
    const { moments, ...rest } = await collectMoments({ ...calibrated(negated(11), feeds), places });
    expect(rest).toEqual({ notFinite: [], neverSeen: [], refused: [], uneven: [] });
    const numbers = Array.from<unknown, number>(slices.data, Number);
    const strides = [12, 4, 2, 1];
    for (const [index, { value, axis }] of places.entries()) {
      const at = (axis + 4) % 4;
      const length = slices.dims[at] ?? 0;
      const parts = Array.from({ length }, (_, i) =>
        numbers
          .filter((_, flat) => Math.floor(flat / (strides[at] ?? 1)) % length === i)
          .map((x) => (value === 'x' ? x : -x)),
      );
      expect(moments[index]).toEqual({
        value,
        axis,
        elements: 2 * (24 / length),
        mean: Float64Array.from(parts, mean),
        meanSquare: Float64Array.from(parts, (part) => mean(part.map((x) => x ** 2))),
      });
    }
  });

  it('leaves out empty runs and those that are not finite', async () => {
    const bad = floats([1, 3, 1, 1], [1, Infinity, 3]);
    const feeds = [{ x: floats([0, 3, 2, 2], []) }, { x: slices }, { x: bad }, { x: bad }];
    const places = [
      { value: 'x', axis: 1 },
      { value: 'nowhere', axis: 0 },
    ];
    const found = await collectMoments({ ...calibrated(negated(), feeds), places });
    expect(found).toMatchObject({
      moments: [{ elements: 8, mean: Float64Array.of(3.5, 13.5, 23.5) }, null],
      notFinite: [{ name: 'x', run: 2, runs: 2 }],
      neverSeen: ['nowhere'],
    });
    const empty = await collectMoments({ ...calibrated(negated(), feeds.slice(0, 1)), places });
    expect(empty).toMatchObject({ moments: [null, null], neverSeen: ['x', 'nowhere'], notFinite: [] });
  });

  it('tells which places have no moments', async () => {
    const feeds = [{ x: noise([1, 2, 3, 4], 1) }, { x: noise([1, 2, 3, 5], 2) }];
    const places = [
      { value: 'x', axis: -1 },
      { value: 'y', axis: 7 },
      { value: 'x', axis: 1 },
    ];
    const found = await collectMoments({ ...calibrated(negated(), feeds), places });
    expect(found).toMatchObject({
      moments: [null, null, { elements: 27 }],
      uneven: ['x'],
      refused: ['y'],
      neverSeen: [],
    });
  });
});
