import type { GradientRule, GradientRules } from './gradient-rule.ts';
import { arithmeticRules } from './gradients/arithmetic.ts';
import { productRules } from './gradients/products.ts';
import { averagePoolRules } from './gradients/average-pool.ts';
import { batchNormalizationRules } from './gradients/batch-normalization.ts';
import { convolutionRules } from './gradients/convolution.ts';
import { maxPoolRules } from './gradients/max-pool.ts';
import { normalizationRules } from './gradients/normalization.ts';
import { softmaxRules } from './gradients/softmax.ts';
import { activationRules } from './gradients/activations.ts';
import { cumulationRules } from './gradients/cumulation.ts';
import { einsumRules } from './gradients/einsum.ts';
import { extremumRules } from './gradients/extrema.ts';
import { indexingRules } from './gradients/indexing.ts';
import { layoutRules } from './gradients/layout.ts';
import { paddingRules } from './gradients/padding.ts';
import { reductionRules } from './gradients/reductions.ts';
import { resizeRules } from './gradients/resize.ts';
import { slicingRules } from './gradients/slicing.ts';
import { unaryRules } from './gradients/unary.ts';

/** How gradients go back, by operator of the standard domain. */
export const gradientRules: GradientRules = new Map<string, GradientRule>([
  ...arithmeticRules,
  ...productRules,
  ...averagePoolRules,
  ...batchNormalizationRules,
  ...convolutionRules,
  ...maxPoolRules,
  ...normalizationRules,
  ...softmaxRules,
  ...activationRules,
  ...cumulationRules,
  ...einsumRules,
  ...extremumRules,
  ...indexingRules,
  ...layoutRules,
  ...paddingRules,
  ...reductionRules,
  ...resizeRules,
  ...slicingRules,
  ...unaryRules,
]);
