import { describe, expect, it } from 'vitest';
import { fuseConstantChain } from '../../../src/onnx/passes/fuse-constant-chain.ts';
import type { DenseTensor } from '../../../src/onnx/dense-tensor.ts';
import { FusionCase, isLeftAlone, opsFused } from './fusion-check.ts';

const shape = [2, 3, 4];
const away = { low: 0.5, high: 3 };

describe('fuse-constant-chain', () => {
  it.each([
    [[], [4]],
    [[4], []],
    [
      [3, 1],
      [3, 4],
    ],
    [
      [2, 3, 4],
      [1, 3, 1],
    ],
    [[1], [1, 1]],
    [[4], [1, 4]],
  ])('merges constants of %o and %o', async (inner, outer) => {
    for (const [first, second, made] of [
      ['Mul', 'Div', 'Mul'],
      ['Div', 'Div', 'Mul'],
      ['Add', 'Add', 'Add'],
    ] as const) {
      const c = new FusionCase(shape);
      const y = c.g.op(second, [c.g.op(first, [c.x, c.weights(inner, away)]), c.weights(outer, away)]);
      expect(await opsFused(fuseConstantChain, c.model(y), { feeds: c.feeds })).toEqual([made]);
    }
  });

  it('merges a whole chain, from either side, and into one rounded constant', async () => {
    const c = new FusionCase(shape);
    const first = c.g.op('Mul', [c.scalar(3), c.x]);
    const y = c.g.op('Div', [c.g.op('Mul', [c.scalar(0.1), first]), c.scalar(7)]);
    const model = c.model(y);
    expect(await opsFused(fuseConstantChain, model, { feeds: c.feeds })).toEqual(['Mul']);
    const factor = model.graph.firstNode?.inputs.find((value) => value?.constant)?.constant?.toDense();
    // float32 of 0.1 times 3 / 7.
    expect(factor?.data).toEqual(Float32Array.of((3 * Math.fround(0.1)) / 7));
  });

  it('takes Sub of a constant as a negative term', async () => {
    const c = new FusionCase(shape);
    const y = c.g.op('Sub', [c.g.op('Add', [c.x, c.scalar(1)]), c.scalar(3)]);
    expect(await opsFused(fuseConstantChain, c.model(y), { feeds: c.feeds })).toEqual(['Add']);
  });

  it('leaves terms that cancel and products that overflow or vanish alone', async () => {
    const cancelled = new FusionCase(shape);
    const sum = cancelled.g.op('Sub', [
      cancelled.g.op('Add', [cancelled.x, cancelled.scalar(1e9)]),
      cancelled.scalar(1e9),
    ]);
    expect(await isLeftAlone(fuseConstantChain, cancelled.model(sum), cancelled.feeds)).toBe(true);
    for (const [a, b] of [
      [1e30, 1e30],
      [1e-30, 1e-30],
      [1, 0],
    ] as const) {
      const c = new FusionCase(shape);
      const y = c.g.op(b === 0 ? 'Div' : 'Mul', [c.g.op('Mul', [c.x, c.scalar(a)]), c.scalar(b)]);
      expect(await isLeftAlone(fuseConstantChain, c.model(y), c.feeds)).toBe(true);
    }
  });

  it('leaves constants alone that would grow, reversed steps and other readers', async () => {
    const grown = new FusionCase(shape);
    const y = grown.g.op('Mul', [grown.g.op('Mul', [grown.x, grown.weights([3, 1])]), grown.weights([4])]);
    expect(await isLeftAlone(fuseConstantChain, grown.model(y), grown.feeds)).toBe(true);
    for (const op of ['Div', 'Sub']) {
      const c = new FusionCase(shape);
      const reversed = c.g.op(op, [c.scalar(2), c.g.op(op, [c.x, c.scalar(3)])]);
      expect(await isLeftAlone(fuseConstantChain, c.model(reversed), c.feeds)).toBe(true);
    }
    const read = new FusionCase(shape);
    const first = read.g.op('Mul', [read.x, read.scalar(2)]);
    const product = read.g.op('Mul', [first, read.scalar(3)]);
    expect(await isLeftAlone(fuseConstantChain, read.model(read.g.op('Sub', [product, first])), read.feeds)).toBe(true);
  });

  it('leaves integers alone', async () => {
    const c = new FusionCase(shape);
    const three: DenseTensor = { type: 'int32', dims: [], data: Int32Array.of(3) };
    const whole = c.g.op('Cast', [c.x], { attributes: { to: 6 } });
    const halved = c.g.op('Div', [whole, c.g.constant('three', three)]);
    const y = c.g.op('Mul', [halved, c.g.constant('three', three)]);
    expect(await isLeftAlone(fuseConstantChain, c.model(y, { type: 'int32' }), c.feeds)).toBe(true);
  });
});
