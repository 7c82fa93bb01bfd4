import { describe, expect, it } from 'vitest';
import { fuseHardSigmoid } from '../../../src/onnx/passes/fuse-hard-sigmoid.ts';
import { fuseHardSwish } from '../../../src/onnx/passes/fuse-hard-swish.ts';
import type { Value } from '../../../src/onnx/value.ts';
import { FusionCase, isLeftAlone, opsFused } from './fusion-check.ts';

const shape = [3, 70];

function clip(c: FusionCase, x: Value, high: number, opset = 17): Value {
  if (opset >= 11) return c.g.op('Clip', [x, c.scalar(0), c.scalar(high)]);
  return c.g.op('Clip', [x], { attributes: { min: { float: 0 }, max: { float: high } } });
}

describe('fuse-hard-sigmoid', () => {
  it.each([9, 11, 17])('at operator set %i, in hard swish', async (opset) => {
    const c = new FusionCase(shape);
    const ramp = clip(c, c.g.op('Add', [c.x, c.scalar(3)]), 6, opset);
    const y = c.g.op('Div', [c.g.op('Mul', [c.x, ramp]), c.scalar(6)]);
    expect(await opsFused(fuseHardSigmoid, c.model(y, { opset }), { feeds: c.feeds })).toEqual(['HardSigmoid', 'Mul']);
  });

  it.each([[[]], [[1]], [[1, 1]]])('by itself, divided or multiplied, with constants of %o', async (dims) => {
    for (const [op, factor] of [
      ['Div', 6],
      ['Mul', 1 / 6],
    ] as const) {
      const c = new FusionCase(shape);
      const ramp = clip(c, c.g.op('Add', [c.constant(dims, [3]), c.x]), 6);
      const y = c.g.op(op, [ramp, c.constant(dims, [factor])]);
      expect(await opsFused(fuseHardSigmoid, c.model(y), { feeds: c.feeds })).toEqual(['HardSigmoid']);
    }
  });

  it('takes the slope before the shift, and needs no division where the ramp ends at 1', async () => {
    const c = new FusionCase(shape);
    const line = c.g.op('Add', [c.g.op('Mul', [c.scalar(0.25), c.x]), c.scalar(0.4)]);
    const y = c.g.op('Exp', [clip(c, line, 1)]);
    expect(await opsFused(fuseHardSigmoid, c.model(y), { feeds: c.feeds })).toEqual(['HardSigmoid', 'Exp']);
  });

  it('leaves other heights, lower ends, types and readers alone', async () => {
    const taller = new FusionCase(shape);
    const ramp = clip(taller, taller.g.op('Add', [taller.x, taller.scalar(3)]), 6);
    expect(
      await isLeftAlone(fuseHardSigmoid, taller.model(taller.g.op('Div', [ramp, taller.scalar(5)])), taller.feeds),
    ).toBe(true);

    const lower = new FusionCase(shape);
    const below = lower.g.op('Clip', [
      lower.g.op('Add', [lower.x, lower.scalar(3)]),
      lower.scalar(-1),
      lower.scalar(1),
    ]);
    expect(await isLeftAlone(fuseHardSigmoid, lower.model(below), lower.feeds)).toBe(true);

    const half = new FusionCase(shape, 'float16');
    expect(
      await isLeftAlone(
        fuseHardSigmoid,
        half.model(clip(half, half.g.op('Add', [half.x, half.scalar(0.5)]), 1)),
        half.feeds,
      ),
    ).toBe(true);

    const read = new FusionCase(shape);
    const shifted = read.g.op('Add', [read.x, read.scalar(0.5)]);
    expect(
      await isLeftAlone(fuseHardSigmoid, read.model(read.g.op('Mul', [clip(read, shifted, 1), shifted])), read.feeds),
    ).toBe(true);

    const squared = new FusionCase(shape);
    const twice = clip(squared, squared.g.op('Add', [squared.x, squared.scalar(3)]), 6);
    const y = squared.g.op('Div', [squared.g.op('Mul', [twice, twice]), squared.scalar(6)]);
    expect(await isLeftAlone(fuseHardSigmoid, squared.model(y), squared.feeds)).toBe(true);

    const vector = new FusionCase(shape);
    const uneven = clip(vector, vector.g.op('Add', [vector.x, vector.weights([70])]), 1);
    expect(await isLeftAlone(fuseHardSigmoid, vector.model(uneven), vector.feeds)).toBe(true);
  });

  it('leaves a constant alone that gives the result an axis', async () => {
    const c = new FusionCase([]);
    const y = clip(c, c.g.op('Add', [c.x, c.constant([1], [0.5])]), 1);
    expect(await isLeftAlone(fuseHardSigmoid, c.model(y), c.feeds)).toBe(true);
  });
});

describe('fuse-hard-swish', () => {
  const slope = { alpha: 1 / 6, beta: 0.5 };

  it.each([14, 22])('at operator set %i', async (opset) => {
    const c = new FusionCase(shape);
    const y = c.g.op('Mul', [c.g.op('HardSigmoid', [c.x], { attributes: slope }), c.x]);
    expect(await opsFused(fuseHardSwish, c.model(y, { opset }), { feeds: c.feeds })).toEqual(['HardSwish']);
  });

  it('finishes what fuse-hard-sigmoid began', async () => {
    const c = new FusionCase(shape);
    const ramp = clip(c, c.g.op('Add', [c.x, c.scalar(3)]), 6);
    const model = c.model(c.g.op('Div', [c.g.op('Mul', [c.x, ramp]), c.scalar(6)]), { opset: 14 });
    expect(fuseHardSigmoid.apply(model)).toBe(true);
    expect(await opsFused(fuseHardSwish, model, { feeds: c.feeds })).toEqual(['HardSwish']);
  });

  it('leaves other slopes, other products and old operator sets alone', async () => {
    const steep = new FusionCase(shape);
    const ramp = steep.g.op('HardSigmoid', [steep.x]);
    expect(await isLeftAlone(fuseHardSwish, steep.model(steep.g.op('Mul', [steep.x, ramp])), steep.feeds)).toBe(true);
    const other = new FusionCase(shape);
    const gate = other.g.op('HardSigmoid', [other.x], { attributes: slope });
    expect(
      await isLeftAlone(
        fuseHardSwish,
        other.model(other.g.op('Mul', [other.g.op('Exp', [other.x]), gate])),
        other.feeds,
      ),
    ).toBe(true);
    const old = new FusionCase(shape);
    const product = old.g.op('Mul', [old.x, old.g.op('HardSigmoid', [old.x], { attributes: slope })]);
    expect(await isLeftAlone(fuseHardSwish, old.model(product, { opset: 13 }), old.feeds)).toBe(true);
  });
});
