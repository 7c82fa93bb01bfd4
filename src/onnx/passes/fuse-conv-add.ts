import type { PurePass } from '../pass.ts';
import { channelShiftOf } from './channel-affine.ts';
import { foldTails } from './fold-tails.ts';
import { convolutionOf } from './weighted-layer.ts';

/**
 * `Add(Conv(x, W, b), c)` becomes `Conv(x, W, b + c)`, with a new bias where there was none; `Conv - c` and `c - Conv`
 * likewise, and ConvTranspose. `c` is a scalar or has one number for each output channel: `[1]`, `[C, 1, 1]`,
 * `[1, C, 1, 1]`.
 *
 * Left alone: constants that vary along other axes or add one; weights or bias that are not constants of float16,
 * float32 or float64; a convolution that somebody else reads or the graph returns; operator sets before 7; function
 * bodies.
 */
export const fuseConvAdd: PurePass = {
  name: 'fuse-conv-add',
  apply: (model) => foldTails(model, { layerOf: convolutionOf, affineOf: channelShiftOf }),
};
