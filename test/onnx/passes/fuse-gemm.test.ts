import { describe, expect, it } from 'vitest';
import type { PlainAttribute } from '../../../src/onnx/graph-builder.ts';
import { fuseGemmAdd } from '../../../src/onnx/passes/fuse-gemm-add.ts';
import { fuseGemmBatchNormalization } from '../../../src/onnx/passes/fuse-gemm-batch-normalization.ts';
import { fuseGemmMul } from '../../../src/onnx/passes/fuse-gemm-mul.ts';
import { fuseMatMulAddToGemm } from '../../../src/onnx/passes/fuse-matmul-add-to-gemm.ts';
import type { Value } from '../../../src/onnx/value.ts';
import { tensorType } from '../../../src/onnx/value-type.ts';
import { FusionCase, isLeftAlone, opsFused } from './fusion-check.ts';

const matrix = [3, 5];

/** `[3, 5]` times `[5, 7]`. */
function gemm(c: FusionCase, attributes: Record<string, PlainAttribute> = {}, bias: readonly number[] | null = [7]) {
  const shape = attributes['transB'] === 1 ? [7, 5] : [5, 7];
  return c.g.op('Gemm', [c.x, c.weights(shape), ...(bias === null ? [] : [c.weights(bias)])], { attributes });
}

function matMul(c: FusionCase): Value {
  return c.g.op('MatMul', [c.x, c.weights([5, 7])]);
}

const variants: readonly { attributes: Record<string, PlainAttribute>; bias: readonly number[] | null }[] = [
  { attributes: {}, bias: [7] },
  { attributes: {}, bias: null },
  { attributes: { transB: 1 }, bias: [1, 7] },
  { attributes: { transB: 1, alpha: 0.5, beta: { float: -2 } }, bias: [1] },
  { attributes: { beta: { float: 0 } }, bias: [7] },
];

describe('fuse-gemm-batch-normalization', () => {
  it.each(variants)('folds into Gemm $attributes $bias', async ({ attributes, bias }) => {
    const c = new FusionCase(matrix);
    const y = c.batchNormalization(gemm(c, attributes, bias), 7);
    expect(await opsFused(fuseGemmBatchNormalization, c.model(y), { feeds: c.feeds })).toEqual(['Gemm']);
  });

  it('forgets what was declared of a bias that has another shape now', async () => {
    const c = new FusionCase(matrix);
    const bias = c.weights([1]);
    bias.setType(tensorType('float32', [1]));
    const y = c.batchNormalization(c.g.op('Gemm', [c.x, c.weights([5, 7]), bias]), 7);
    expect(await opsFused(fuseGemmBatchNormalization, c.model(y), { feeds: c.feeds })).toEqual(['Gemm']);
    expect(bias.type).toEqual(tensorType('float32', [7]));
  });

  it('folds into a MatMul of matrices, in float64 too', async () => {
    for (const type of ['float32', 'float64'] as const) {
      const c = new FusionCase(matrix, type);
      const model = c.model(c.batchNormalization(matMul(c), 7));
      const tolerance = type === 'float64' ? 1e-13 : 1e-5;
      expect(await opsFused(fuseGemmBatchNormalization, model, { feeds: c.feeds, tolerance })).toEqual(['Gemm']);
    }
  });

  it('leaves a MatMul of more axes alone, whose channels are elsewhere, and C that varies along the rows', async () => {
    const stacked = new FusionCase([2, 7, 5]);
    expect(
      await isLeftAlone(
        fuseGemmBatchNormalization,
        stacked.model(stacked.batchNormalization(matMul(stacked), 7)),
        stacked.feeds,
      ),
    ).toBe(true);
    const rows = new FusionCase(matrix);
    expect(
      await isLeftAlone(
        fuseGemmBatchNormalization,
        rows.model(rows.batchNormalization(gemm(rows, {}, [3, 7]), 7)),
        rows.feeds,
      ),
    ).toBe(true);
  });
});

describe('fuse-gemm-mul and fuse-gemm-add', () => {
  const cases = variants.flatMap((variant) => [[], [1], [7], [1, 7]].map((dims) => ({ ...variant, dims })));

  it.each(cases)('fold Div and Sub of $dims into Gemm $attributes $bias', async ({ attributes, bias, dims }) => {
    const scaled = new FusionCase(matrix);
    const quotient = scaled.g.op('Div', [gemm(scaled, attributes, bias), scaled.weights(dims, { low: 0.5, high: 3 })]);
    expect(await opsFused(fuseGemmMul, scaled.model(quotient), { feeds: scaled.feeds })).toEqual(['Gemm']);
    const shifted = new FusionCase(matrix);
    const difference = shifted.g.op('Sub', [shifted.weights(dims), gemm(shifted, attributes, bias)]);
    expect(await opsFused(fuseGemmAdd, shifted.model(difference), { feeds: shifted.feeds })).toEqual(['Gemm']);
  });

  it.each([[[5]], [[3, 5]], [[2, 2, 3, 5]]])('fold Mul into a MatMul of %o', async (shape) => {
    const c = new FusionCase(shape);
    const y = c.g.op('Mul', [c.g.op('Mul', [matMul(c), c.scalar(0.125)]), c.weights([7])]);
    expect(await opsFused(fuseGemmMul, c.model(y), { feeds: c.feeds })).toEqual(['MatMul']);
  });

  it('leave shared weights, added axes, rows and batches of weights alone', async () => {
    const shared = new FusionCase([3, 5]);
    const w = shared.weights([5, 5]);
    const twice = shared.g.op('Mul', [
      shared.g.op('MatMul', [shared.g.op('MatMul', [shared.x, w]), w]),
      shared.scalar(2),
    ]);
    expect(await isLeftAlone(fuseGemmMul, shared.model(twice), shared.feeds)).toBe(true);
    for (const dims of [
      [3, 1],
      [3, 7],
      [1, 1, 7],
    ]) {
      const c = new FusionCase(matrix);
      const model = c.model(c.g.op('Mul', [matMul(c), c.weights(dims)]));
      expect(await isLeftAlone(fuseGemmMul, model, c.feeds)).toBe(true);
      const d = new FusionCase(matrix);
      expect(await isLeftAlone(fuseGemmAdd, d.model(d.g.op('Add', [gemm(d), d.weights(dims)])), d.feeds)).toBe(true);
    }
    const batch = new FusionCase([2, 3, 5]);
    const product = batch.g.op('MatMul', [batch.x, batch.weights([2, 5, 7])]);
    expect(
      await isLeftAlone(fuseGemmMul, batch.model(batch.g.op('Mul', [product, batch.scalar(2)])), batch.feeds),
    ).toBe(true);
  });
});

describe('fuse-matmul-add-to-gemm', () => {
  it.each([[[]], [[1]], [[7]], [[1, 7]], [[3, 7]], [[3, 1]]])('takes a bias of %o', async (dims) => {
    const c = new FusionCase(matrix);
    const y = c.g.op('Add', [c.weights(dims), matMul(c)]);
    expect(await opsFused(fuseMatMulAddToGemm, c.model(y, { opset: 9 }), { feeds: c.feeds })).toEqual(['Gemm']);
  });

  it('finds a matrix behind a Reshape, and keeps the bias as it is', async () => {
    const c = new FusionCase([1, 5, 1, 1]);
    const shape = c.g.constant('shape', { type: 'int64', dims: [2], data: BigInt64Array.of(1n, 5n) });
    const bias = c.weights([1, 7]);
    const product = c.g.op('MatMul', [c.g.op('Reshape', [c.x, shape]), c.weights([5, 7])]);
    const model = c.model(c.g.op('Add', [product, bias]));
    expect(await opsFused(fuseMatMulAddToGemm, model, { feeds: c.feeds })).toEqual(['Reshape', 'Gemm']);
    expect(model.graph.lastNode?.input(2)).toBe(bias);
  });

  it('leaves other ranks, other broadcasts, other readers and sums that are no constants alone', async () => {
    for (const [shape, dims] of [
      [[2, 3, 5], [7]],
      [[5], [7]],
      [
        [3, 5],
        [2, 3, 7],
      ],
    ] as const) {
      const c = new FusionCase(shape);
      expect(
        await isLeftAlone(fuseMatMulAddToGemm, c.model(c.g.op('Add', [matMul(c), c.weights(dims)])), c.feeds),
      ).toBe(true);
    }
    const grown = new FusionCase([1, 5]);
    const row = grown.g.op('MatMul', [grown.x, grown.weights([5, 7])]);
    expect(
      await isLeftAlone(fuseMatMulAddToGemm, grown.model(grown.g.op('Add', [row, grown.weights([3, 7])])), grown.feeds),
    ).toBe(true);

    const read = new FusionCase(matrix);
    const product = matMul(read);
    const sum = read.g.op('Add', [product, read.weights([7])]);
    expect(await isLeftAlone(fuseMatMulAddToGemm, read.model(read.g.op('Mul', [sum, product])), read.feeds)).toBe(true);

    const fed = new FusionCase(matrix);
    expect(
      await isLeftAlone(fuseMatMulAddToGemm, fed.model(fed.g.op('Add', [matMul(fed), fed.input('b', [7])])), fed.feeds),
    ).toBe(true);

    const unknown = new FusionCase(matrix);
    unknown.x.setType(tensorType('float32'));
    const model = unknown.model(unknown.g.op('Add', [matMul(unknown), unknown.weights([7])]));
    expect(await isLeftAlone(fuseMatMulAddToGemm, model, unknown.feeds)).toBe(true);
  });
});
