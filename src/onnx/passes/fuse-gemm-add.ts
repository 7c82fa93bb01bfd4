import type { PurePass } from '../pass.ts';
import { channelShiftOf } from './channel-affine.ts';
import { foldTails } from './fold-tails.ts';
import { gemmOf } from './weighted-layer.ts';

/**
 * `Add(Gemm(A, B, C), c)` becomes `Gemm(A, B, beta * C + c)`, with a new C where there was none; `Gemm - c` and
 * `c - Gemm` likewise. `c` is a scalar or has one number for each column: `[1]`, `[N]`, `[1, N]`.
 *
 * Left alone: `c` or C that varies along the rows; B, C or `c` that are not constants of float16, float32 or float64; a
 * product that somebody else reads or the graph returns; operator sets before 7; function bodies. Behind a MatMul see
 * `fuse-matmul-add-to-gemm`.
 */
export const fuseGemmAdd: PurePass = {
  name: 'fuse-gemm-add',
  apply: (model) => foldTails(model, { layerOf: gemmOf, affineOf: channelShiftOf }),
};
