import type { PurePass } from '../pass.ts';
import { batchNormalizationOf } from './channel-affine.ts';
import { foldTails } from './fold-tails.ts';
import { inferredShapes } from './inferred-shapes.ts';
import { gemmOf, matMulOf } from './weighted-layer.ts';

/**
 * `BatchNormalization(Gemm(A, B, C))` becomes `Gemm(A, B * s, beta * C * s + t)` with a number `s` and `t` for each
 * column, and `BatchNormalization(MatMul(A, B))` of matrices `Gemm(A, B * s, t)`. `MatMul + Add` is a Gemm once
 * `fuse-matmul-add-to-gemm` ran.
 *
 * Left alone: MatMul whose output is not known to be a matrix (BatchNormalization's channels are axis 1, MatMul's the
 * last); normalization that trains; B, C or statistics that are not constants of float16, float32 or float64; C that
 * varies along the rows; a product that somebody else reads or the graph returns; operator sets before 7; function
 * bodies.
 */
export const fuseGemmBatchNormalization: PurePass = {
  name: 'fuse-gemm-batch-normalization',
  apply(model) {
    const shapeOf = inferredShapes(model);
    return foldTails(model, {
      layerOf(node) {
        if (node.output(0)?.onlyUser?.is('BatchNormalization') !== true) return null;
        return gemmOf(node) ?? (shapeOf(node.output(0))?.length === 2 ? matMulOf(node) : null);
      },
      affineOf: batchNormalizationOf,
    });
  },
};
