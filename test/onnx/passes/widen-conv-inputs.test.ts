import { describe, expect, it } from 'vitest';
import type { PlainAttribute } from '../../../src/onnx/graph-builder.ts';
import { widenConvInputs } from '../../../src/onnx/passes/widen-conv-inputs.ts';
import { FusionCase, isLeftAlone, opsFused } from './fusion-check.ts';

/** A convolution of `read` channels, over as many axes as its kernel has. */
function convolution(
  [written, read, ...kernel]: readonly [number, number, ...number[]],
  attributes: Record<string, PlainAttribute> = {},
  type: 'float32' | 'float16' = 'float32',
) {
  const groups = typeof attributes['group'] === 'number' ? attributes['group'] : 1;
  const c = new FusionCase([2, read * groups, ...kernel.map((length) => length + 4)], type);
  return { c, y: c.g.op('Conv', [c.x, c.weights([written, read, ...kernel])], { attributes }) };
}

describe('widen-conv-inputs', () => {
  it.each([
    { dims: [8, 6, 3, 3], attributes: { pads: [1, 1, 1, 1], strides: [2, 2] } },
    { dims: [4, 9, 3, 1], attributes: { dilations: [1, 2] } },
    { dims: [8, 129, 5], attributes: {} },
    { dims: [8, 6, 1, 1], attributes: { strides: [2, 2] } },
    { dims: [8, 6, 1, 1], attributes: { pads: [1, 0, 0, 0] } },
  ] as const)(
    'pads what $dims reads to a multiple of four channels',
    async ({ dims: [written, read, ...kernel], attributes }) => {
      const { c, y } = convolution([written, read, ...kernel], attributes);
      const model = c.model(y);
      expect(await opsFused(widenConvInputs, model, { feeds: c.feeds })).toEqual(['Pad', 'Conv']);
      const conv = [...model.graph.nodes()][1];
      expect(conv?.input(1)?.constant?.dims).toEqual([written, 4 * Math.ceil(read / 4), ...kernel]);
    },
  );

  it('writes the amounts as old operator sets have them, and halves as halves', async () => {
    const old = convolution([8, 6, 3, 3]);
    const model = old.c.model(old.y, { opset: 9 });
    expect(await opsFused(widenConvInputs, model, { feeds: old.c.feeds })).toEqual(['Pad', 'Conv']);
    const half = convolution([8, 6, 3, 3], {}, 'float16');
    const feeds = half.c.feeds;
    expect(await opsFused(widenConvInputs, half.c.model(half.y), { feeds, tolerance: 2e-3 })).toEqual(['Pad', 'Conv']);
  });

  it.each([
    { dims: [8, 3, 3, 3], attributes: {} },
    { dims: [8, 12, 3, 3], attributes: {} },
    { dims: [8, 7, 3, 3], attributes: {} },
    { dims: [6, 6, 3, 3], attributes: {} },
    { dims: [8, 6, 1, 1], attributes: {} },
    { dims: [8, 6, 3, 3], attributes: { group: 2 } },
    { dims: [8, 6, 3, 3, 3], attributes: {} },
  ] as const)(
    'leaves $dims $attributes alone, which is computed right',
    async ({ dims: [written, read, ...kernel], attributes }) => {
      const { c, y } = convolution([written, read, ...kernel], attributes);
      expect(await isLeftAlone(widenConvInputs, c.model(y), c.feeds)).toBe(true);
    },
  );

  it('leaves weights that are not constant alone', async () => {
    const c = new FusionCase([1, 6, 5, 5]);
    const y = c.g.op('Conv', [c.x, c.input('w', [8, 6, 3, 3])]);
    expect(await isLeftAlone(widenConvInputs, c.model(y), c.feeds)).toBe(true);
  });
});
