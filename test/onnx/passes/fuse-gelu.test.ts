import { describe, expect, it } from 'vitest';
import { fuseGelu } from '../../../src/onnx/passes/fuse-gelu.ts';
import type { Value } from '../../../src/onnx/value.ts';
import { FusionCase, isLeftAlone, opsFused } from './fusion-check.ts';

const shape = [3, 40];

function times(c: FusionCase, ...factors: readonly (Value | number)[]): Value {
  const values = factors.map((factor) => (typeof factor === 'number' ? c.scalar(factor) : factor));
  return values.reduce((product, factor) => c.g.op('Mul', [product, factor]));
}

function erfGate(c: FusionCase): Value {
  const inner = c.g.op('Div', [c.x, c.scalar(Math.SQRT2)]);
  return c.g.op('Add', [c.g.op('Erf', [inner]), c.scalar(1)]);
}

function tanhGate(c: FusionCase, cube: Value): Value {
  const sum = c.g.op('Add', [c.x, times(c, 0.044715, cube)]);
  return c.g.op('Add', [c.scalar(1), c.g.op('Tanh', [times(c, sum, Math.sqrt(2 / Math.PI))])]);
}

describe('fuse-gelu', () => {
  it('finds the form by Erf, in any order', async () => {
    const orders: ((c: FusionCase) => Value)[] = [
      (c) => times(c, c.x, erfGate(c), 0.5),
      (c) => times(c, 0.5, c.x, erfGate(c)),
      (c) => times(c, times(c, c.x, 0.5), erfGate(c)),
      (c) => c.g.op('Div', [times(c, erfGate(c), c.x), c.scalar(2)]),
    ];
    for (const order of orders) {
      const c = new FusionCase(shape);
      expect(await opsFused(fuseGelu, c.model(order(c), { opset: 20 }), { feeds: c.feeds })).toEqual(['Gelu']);
    }
  });

  it('finds the form by Tanh, with the cube as a power or a product', async () => {
    const cubes: ((c: FusionCase) => Value)[] = [
      (c) => c.g.op('Pow', [c.x, c.scalar(3)]),
      (c) => times(c, times(c, c.x, c.x), c.x),
    ];
    for (const cube of cubes) {
      const c = new FusionCase(shape);
      const y = times(c, times(c, 0.5, c.x), tanhGate(c, cube(c)));
      expect(await opsFused(fuseGelu, c.model(y, { opset: 21 }), { feeds: c.feeds })).toEqual(['Gelu']);
    }
  });

  it('keeps what is multiplied behind it', async () => {
    const c = new FusionCase(shape);
    const y = c.g.op('Mul', [times(c, c.x, erfGate(c), 0.5), c.g.op('Exp', [c.x])]);
    expect(await opsFused(fuseGelu, c.model(y, { opset: 20 }), { feeds: c.feeds })).toEqual(['Gelu', 'Exp', 'Mul']);
  });

  it('leaves other constants, other inputs, other readers and older operator sets alone', async () => {
    const full = new FusionCase(shape);
    expect(await isLeftAlone(fuseGelu, full.model(times(full, full.x, erfGate(full)), { opset: 20 }), full.feeds)).toBe(
      true,
    );
    const gated = new FusionCase(shape);
    const other = gated.input('z', shape);
    expect(
      await isLeftAlone(fuseGelu, gated.model(times(gated, other, erfGate(gated), 0.5), { opset: 20 }), gated.feeds),
    ).toBe(true);
    const read = new FusionCase(shape);
    const gate = erfGate(read);
    const sum = read.g.op('Add', [times(read, read.x, gate, 0.5), gate]);
    expect(await isLeftAlone(fuseGelu, read.model(sum, { opset: 20 }), read.feeds)).toBe(true);
    const old = new FusionCase(shape);
    expect(await isLeftAlone(fuseGelu, old.model(times(old, old.x, erfGate(old), 0.5), { opset: 19 }), old.feeds)).toBe(
      true,
    );
    const square = new FusionCase(shape);
    const power = square.g.op('Pow', [square.x, square.scalar(2)]);
    const y = times(square, 0.5, square.x, tanhGate(square, power));
    expect(await isLeftAlone(fuseGelu, square.model(y, { opset: 20 }), square.feeds)).toBe(true);
  });
});
