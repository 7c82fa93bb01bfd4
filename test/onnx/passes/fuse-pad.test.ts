import { describe, expect, it } from 'vitest';
import type { PlainAttribute } from '../../../src/onnx/graph-builder.ts';
import { longs } from '../../../src/onnx/graph-builder.ts';
import { fusePad } from '../../../src/onnx/passes/fuse-pad.ts';
import type { Value } from '../../../src/onnx/value.ts';
import { FusionCase, isLeftAlone, opsFused } from './fusion-check.ts';

const image = [2, 4, 7, 6];
const uneven = [0, 0, 1, 0, 0, 0, 2, 3];

function pad(c: FusionCase, pads: readonly number[], attributes: Record<string, PlainAttribute> = {}): Value {
  return c.g.op('Pad', [c.x, c.g.constant('pads', longs(pads))], { attributes });
}

function conv(c: FusionCase, x: Value, attributes: Record<string, PlainAttribute> = {}): Value {
  return c.g.op('Conv', [x, c.weights([3, 4, 3, 3])], { attributes });
}

function pool(c: FusionCase, x: Value, attributes: Record<string, PlainAttribute> = {}): Value {
  return c.g.op('AveragePool', [x], { attributes: { kernel_shape: [4, 5], ...attributes } });
}

describe('fuse-pad', () => {
  it.each([{}, { pads: [1, 1, 0, 0] }, { kernel_shape: [3, 3], strides: [2, 1], dilations: [1, 2] }])(
    'folds into Conv %o',
    async (attributes) => {
      const c = new FusionCase(image);
      const model = c.model(conv(c, pad(c, uneven), attributes));
      expect(await opsFused(fusePad, model, { feeds: c.feeds })).toEqual(['Conv']);
    },
  );

  it('reads the attributes of old operator sets, and the axes of new ones', async () => {
    const old = new FusionCase(image);
    const padded = old.g.op('Pad', [old.x], { attributes: { pads: uneven } });
    expect(await opsFused(fusePad, old.model(conv(old, padded), { opset: 9 }), { feeds: old.feeds })).toEqual(['Conv']);
    const c = new FusionCase(image);
    const [pads, axes] = [c.g.constant('pads', longs([1, 2, 0, 3])), c.g.constant('axes', longs([-1, 2]))];
    const along = c.g.op('Pad', [c.x, pads, c.scalar(0), axes]);
    expect(await opsFused(fusePad, c.model(conv(c, along), { opset: 19 }), { feeds: c.feeds })).toEqual(['Conv']);
  });

  it.each([{}, { count_include_pad: 1 }, { pads: [1, 1, 1, 1], count_include_pad: 1 }, { strides: [2, 2] }])(
    'folds into AveragePool %o, which then counts the padding',
    async (attributes) => {
      const c = new FusionCase(image);
      expect(
        await opsFused(fusePad, c.model(pool(c, pad(c, uneven), attributes)), {
          feeds: c.feeds,
        }),
      ).toEqual(['AveragePool']);
    },
  );

  it('leaves other modes, values, axes and negative pads alone', async () => {
    const pads = [
      [0, 1, 0, 0, 0, 0, 0, 0],
      [1, 0, 1, 0, 0, 0, 0, 0],
      [0, 0, -1, 0, 0, 0, 1, 0],
    ];
    for (const amounts of pads) {
      const c = new FusionCase(image);
      const padded = pad(c, amounts);
      const kernel = c.weights([3, amounts[1] === 1 ? 5 : 4, 3, 3]);
      expect(await isLeftAlone(fusePad, c.model(c.g.op('Conv', [padded, kernel])), c.feeds)).toBe(true);
    }
    for (const mode of ['reflect', 'edge']) {
      const c = new FusionCase(image);
      expect(await isLeftAlone(fusePad, c.model(conv(c, pad(c, uneven, { mode }))), c.feeds)).toBe(true);
    }
    const ones = new FusionCase(image);
    const padded = ones.g.op('Pad', [ones.x, ones.g.constant('pads', longs(uneven)), ones.scalar(1)]);
    expect(await isLeftAlone(fusePad, ones.model(conv(ones, padded)), ones.feeds)).toBe(true);
  });

  it('leaves other readers and auto_pad alone', async () => {
    const read = new FusionCase(image);
    const padded = pad(read, [0, 0, 1, 1, 0, 0, 1, 1]);
    const y = read.g.op('Conv', [padded, read.weights([4, 4, 3, 3])], { attributes: { pads: [1, 1, 1, 1] } });
    expect(await isLeftAlone(fusePad, read.model(read.g.op('Add', [y, padded])), read.feeds)).toBe(true);
    const same = new FusionCase(image);
    expect(
      await isLeftAlone(fusePad, same.model(conv(same, pad(same, uneven), { auto_pad: 'SAME_UPPER' })), same.feeds),
    ).toBe(true);
  });

  it('leaves MaxPool alone, and AveragePool that would count otherwise', async () => {
    const most = new FusionCase(image);
    const pooled = most.g.op('MaxPool', [pad(most, uneven)], { attributes: { kernel_shape: [2, 2] } });
    expect(await isLeftAlone(fusePad, most.model(pooled), most.feeds)).toBe(true);
    const odd = [{ pads: [1, 1, 1, 1] }, { ceil_mode: 1, strides: [2, 2] }, { kernel_shape: [2, 2] }];
    for (const attributes of odd) {
      const c = new FusionCase(image);
      expect(await isLeftAlone(fusePad, c.model(pool(c, pad(c, uneven), attributes)), c.feeds)).toBe(true);
    }
  });
});
