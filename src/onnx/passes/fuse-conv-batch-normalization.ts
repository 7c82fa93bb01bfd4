import type { PurePass } from '../pass.ts';
import { batchNormalizationOf } from './channel-affine.ts';
import { foldTails } from './fold-tails.ts';
import { convolutionOf } from './weighted-layer.ts';

/**
 * `BatchNormalization(Conv(x, W, b))` becomes `Conv(x, W', b')`, and likewise for ConvTranspose with its groups:
 * `W' = W * s` and `b' = (b - mean) * s + beta`, with `s = gamma / sqrt(variance + epsilon)` for each output channel
 * (S. Ioffe and C. Szegedy, Batch Normalization, 2015, section 3.1).
 *
 * Left alone: normalization that trains or has `spatial` 0; weights, bias or statistics that are not constants of
 * float16, float32 or float64; a convolution that somebody else reads or the graph returns; weights that would overflow;
 * operator sets before 7; function bodies.
 */
export const fuseConvBatchNormalization: PurePass = {
  name: 'fuse-conv-batch-normalization',
  apply: (model) => foldTails(model, { layerOf: convolutionOf, affineOf: batchNormalizationOf }),
};
