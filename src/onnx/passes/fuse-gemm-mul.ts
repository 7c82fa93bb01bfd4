import type { Node } from '../node.ts';
import type { PurePass } from '../pass.ts';
import { channelScaleOf } from './channel-affine.ts';
import { foldTails } from './fold-tails.ts';
import type { WeightedLayer } from './weighted-layer.ts';
import { gemmOf, matMulOf } from './weighted-layer.ts';

/**
 * `Mul(MatMul(A, B), c)` becomes `MatMul(A, B * c)` and `Mul(Gemm(A, B, C), c)` becomes `Gemm(A, B * c, C * c)`; Div
 * likewise. `c` is a scalar or has one number for each column: `[1]`, `[N]`, behind a Gemm also `[1, N]`.
 *
 * Left alone: B of more than two axes; B that others read too, of which a scaled copy would make the file larger than
 * the node saves; B, C or `c` that are not constants of float16, float32 or float64; `c / MatMul`; C that varies along
 * the rows; a product that somebody else reads or the graph returns; weights that would overflow; operator sets before
 * 7; function bodies.
 */
export const fuseGemmMul: PurePass = {
  name: 'fuse-gemm-mul',
  apply: (model) => foldTails(model, { layerOf: unsharedLayerOf, affineOf: channelScaleOf }),
};

function unsharedLayerOf(node: Node): WeightedLayer | null {
  return node.input(1)?.useCount === 1 ? (gemmOf(node) ?? matMulOf(node)) : null;
}
