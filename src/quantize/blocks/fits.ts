import type { FitBlock } from './block-slot.ts';
import { fitKQuant } from './fit-k-quant.ts';
import { fitAsymmetricLeastSquares, fitSymmetricLeastSquares } from './fit-least-squares.ts';
import { fitAsymmetric, fitSymmetric } from './fit-range.ts';

/** How scales are found: round to nearest, least squared error, or k-quant (always asymmetric). */
export type BlockMethod = 'rtn' | 'mse' | 'k-quant';

const fits: Readonly<Record<BlockMethod, { readonly symmetric: FitBlock | null; readonly asymmetric: FitBlock }>> = {
  rtn: { symmetric: fitSymmetric, asymmetric: fitAsymmetric },
  mse: { symmetric: fitSymmetricLeastSquares, asymmetric: fitAsymmetricLeastSquares },
  'k-quant': { symmetric: null, asymmetric: fitKQuant },
};

/** The way to fit a block. Throws RangeError for symmetric k-quant, which there is not. */
export function fitOf(method: BlockMethod, symmetric: boolean): FitBlock {
  const fit = symmetric ? fits[method].symmetric : fits[method].asymmetric;
  if (fit === null) throw new RangeError(`${method} has zero points`);
  return fit;
}
