import { lowest } from './lowest.ts';
import { outsidePattern } from './n-of-m.ts';
import type { SparseTarget, SparseWeights, WeightRows } from './sparse-weights.ts';
import { withoutRemoved } from './sparse-weights.ts';

/**
 * The smallest weights become 0: of the whole weight, or of each group of a pattern. Needs no data. Throws RangeError
 * where a pattern does not come out even.
 */
export function magnitudeSparse(weight: WeightRows, target: SparseTarget): SparseWeights {
  const scores = Float64Array.from(weight.data, Math.abs);
  const isRemoved =
    'ratio' in target
      ? lowest(scores, Math.round(target.ratio * scores.length))
      : outsidePattern(scores, weight, target);
  return withoutRemoved(weight.data, isRemoved);
}
