import { describe, expect, it } from 'vitest';
import { collectCosines } from '../../../src/compute/reconstruction/collect-cosines.ts';
import { floats, GraphBuilder } from '../../../src/onnx/graph-builder.ts';
import { tensorType } from '../../../src/onnx/value-type.ts';
import { calibrated } from '../calibration/calibrated.ts';

/** Two inputs of one shape, and their sum. */
function twoInputs(rank: number) {
  const g = new GraphBuilder();
  const shape = Array.from({ length: rank }, () => null);
  const [a, b] = [g.input('a', 'float32', shape), g.input('b', 'float32', shape)];
  g.output(g.op('Add', [a, b], { as: 'sum' }), 'y', tensorType('float32', null));
  return g.model();
}

describe('collectCosines', () => {
  it('compares vectors along the last axis', async () => {
    // Cosines 1, 0, -1 and 0.8, and two of zeros: 1 where both are, 0 where one is.
    const a = floats([2, 3, 2], [1, 2, 3, 0, 1, 1, 4, 3, 0, 0, 0, 0]);
    const b = floats([2, 3, 2], [2, 4, 0, 5, -1, -1, 1, 0, 0, 0, 1, 1]);
    const feeds = [
      { a, b },
      { a: floats([1, 1, 2], [1, 1]), b: floats([1, 1, 2], [1, 1]) },
    ];
    const pairs = [
      { a: 'a', b: 'b' },
      { a: 'b', b: 'b' },
      { a: 'a', b: 'nowhere' },
    ];
    const [first, same, none] = await collectCosines({ ...calibrated(twoInputs(3), feeds), pairs });
    expect(first).toMatchObject({ a: 'a', b: 'b', rows: 7 });
    expect(first?.cosine).toBeCloseTo((1 + 0 - 1 + 0.8 + 1 + 0 + 1) / 7, 6);
    expect(same?.cosine).toBeCloseTo(1, 6);
    expect(none).toBeNull();
  });

  it('compares vectors along axis 1 of four axes, and leaves out runs that are not finite', async () => {
    const a = floats([1, 2, 1, 2], [1, 3, 0, 4]);
    const b = floats([1, 2, 1, 2], [1, 4, 1, 3]);
    const bad = floats([1, 2, 1, 2], [1, NaN, 1, 1]);
    const feeds = [
      { a: bad, b },
      { a, b },
      { a, b: bad },
    ];
    const pairs = [
      { a: 'a', b: 'b' },
      { a: 'a', b: 'y' },
    ];
    const [first, sum] = await collectCosines({ ...calibrated(twoInputs(4), feeds), pairs });
    // (1, 0) and (1, 1); (3, 4) and (4, 3).
    expect(first?.rows).toBe(2);
    expect(first?.cosine).toBeCloseTo((Math.SQRT1_2 + 24 / 25) / 2, 6);
    // (1, 0) and (2, 1); (3, 4) and (7, 7).
    expect(sum?.cosine).toBeCloseTo((2 / Math.sqrt(5) + 49 / (5 * Math.sqrt(98))) / 2, 6);
    const nothing = await collectCosines({ ...calibrated(twoInputs(4), feeds.slice(0, 1)), pairs });
    expect(nothing).toEqual([null, null]);
  });
});
