import { describe, expect, it } from 'vitest';
import type { PlainAttribute } from '../../../src/onnx/graph-builder.ts';
import { longs } from '../../../src/onnx/graph-builder.ts';
import { fuseLayerNormalization } from '../../../src/onnx/passes/fuse-layer-normalization.ts';
import type { Value } from '../../../src/onnx/value.ts';
import { FusionCase, isLeftAlone, opsFused } from './fusion-check.ts';

const shape = [2, 5, 8];

interface Variant {
  readonly opset?: number;
  readonly axes?: readonly number[];
  readonly gamma?: readonly number[];
  readonly hasBeta?: boolean;
  readonly square?: 'Pow' | 'Mul';
  readonly keepdims?: number;
}

function mean(c: FusionCase, x: Value, { opset = 17, axes = [-1], keepdims = 1 }: Variant): Value {
  const attributes: Record<string, PlainAttribute> = { keepdims };
  if (opset >= 18) return c.g.op('ReduceMean', [x, c.g.constant('axes', longs(axes))], { attributes });
  return c.g.op('ReduceMean', [x], { attributes: { ...attributes, axes } });
}

function normalization(c: FusionCase, x: Value, variant: Variant = {}): Value {
  const { gamma = [8], hasBeta = true, square = 'Pow' } = variant;
  const centered = c.g.op('Sub', [x, mean(c, x, variant)]);
  const squared = c.g.op(square, [centered, square === 'Pow' ? c.scalar(2) : centered]);
  const variance = c.g.op('Add', [mean(c, squared, variant), c.scalar(1e-5)]);
  const normal = c.g.op('Div', [centered, c.g.op('Sqrt', [variance])]);
  const scaled = c.g.op('Mul', [c.weights(gamma), normal]);
  return hasBeta ? c.g.op('Add', [scaled, c.weights(gamma)]) : scaled;
}

describe('fuse-layer-normalization', () => {
  it.each<Variant>([
    {},
    { opset: 18 },
    { opset: 21, square: 'Mul' },
    { hasBeta: false },
    { axes: [2] },
    { axes: [1, 2], gamma: [5, 8] },
    { axes: [-1, -2], gamma: [5, 8] },
  ])('finds %o', async (variant) => {
    const c = new FusionCase(shape);
    const y = normalization(c, c.x, variant);
    const model = c.model(y, { opset: variant.opset ?? 17 });
    expect(await opsFused(fuseLayerNormalization, model, { feeds: c.feeds })).toEqual(['LayerNormalization']);
  });

  it('finds those after each other', async () => {
    const c = new FusionCase(shape);
    const y = normalization(c, c.g.op('Relu', [normalization(c, c.x)]));
    const ops = ['LayerNormalization', 'Relu', 'LayerNormalization'];
    expect(await opsFused(fuseLayerNormalization, c.model(y), { feeds: c.feeds })).toEqual(ops);
  });

  it.each<[string, Variant]>([
    ['operator sets that have none', { opset: 16 }],
    ['axes that are not the last', { axes: [1], gamma: [5, 1] }],
    ['a gamma of another shape', { gamma: [1] }],
    ['a gamma of more axes', { gamma: [5, 8] }],
  ])('leaves %s alone', async (_, variant) => {
    const c = new FusionCase(shape);
    const y = normalization(c, c.x, variant);
    expect(await isLeftAlone(fuseLayerNormalization, c.model(y, { opset: variant.opset ?? 17 }), c.feeds)).toBe(true);
  });

  it('leaves steps alone that somebody else reads, float64 and a missing gamma', async () => {
    const read = new FusionCase(shape);
    const y = normalization(read, read.x);
    const centered = [...read.g.graph.nodes()].find(({ op }) => op === 'Sub')?.output(0) ?? null;
    expect(await isLeftAlone(fuseLayerNormalization, read.model(read.g.op('Add', [y, centered])), read.feeds)).toBe(
      true,
    );
    const double = new FusionCase(shape, 'float64');
    expect(await isLeftAlone(fuseLayerNormalization, double.model(normalization(double, double.x)), double.feeds)).toBe(
      true,
    );
    const fed = new FusionCase(shape);
    const scaled = normalization(fed, fed.x, { hasBeta: false });
    scaled.producer?.setInput(0, fed.input('gamma', [8]));
    expect(await isLeftAlone(fuseLayerNormalization, fed.model(scaled), fed.feeds)).toBe(true);
  });
});
