import type { PurePass } from '../pass.ts';
import { channelScaleOf } from './channel-affine.ts';
import { foldTails } from './fold-tails.ts';
import { convolutionOf } from './weighted-layer.ts';

/**
 * `Mul(Conv(x, W, b), c)` and `Div(Conv(x, W, b), c)` become `Conv(x, W * c, b * c)`, and likewise for ConvTranspose.
 * `c` is a scalar or has one number for each output channel: `[1]`, `[C, 1, 1]`, `[1, C, 1, 1]`.
 *
 * Left alone: `c / Conv`; constants that vary along other axes or add one; division by zero and weights that would
 * overflow; weights or bias that are not constants of float16, float32 or float64; a convolution that somebody else reads
 * or the graph returns; operator sets before 7; function bodies.
 */
export const fuseConvMul: PurePass = {
  name: 'fuse-conv-mul',
  apply: (model) => foldTails(model, { layerOf: convolutionOf, affineOf: channelScaleOf }),
};
