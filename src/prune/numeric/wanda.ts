import { lowest } from './lowest.ts';
import { outsidePattern } from './n-of-m.ts';
import type { SparseTarget, SparseWeights, WeightRows } from './sparse-weights.ts';
import { withoutRemoved } from './sparse-weights.ts';

/**
 * Wanda (Sun et al. 2023): |w| times the norm of the input it is multiplied by, ranked within each output. `squares`
 * are sums or means of x², one a column or, for kernels, one an input channel. Throws RangeError where a pattern does
 * not come out even.
 */
export function wandaSparse(weight: WeightRows, target: SparseTarget, squares: Float64Array): SparseWeights {
  const { data, outputs, inputs, taps } = weight;
  const columns = inputs * taps;
  const perChannel = squares.length === inputs ? taps : 1;
  if (squares.length * perChannel !== columns) throw new RangeError(`${squares.length} squares for ${columns} columns`);
  const norms = Float64Array.from({ length: columns }, (_, i) => Math.sqrt(squares[Math.floor(i / perChannel)] ?? 0));
  const scores = Float64Array.from(data, (w, i) => Math.abs(w) * (norms[i % columns] ?? 0));
  if (!('ratio' in target)) return withoutRemoved(data, outsidePattern(scores, weight, target));
  const isRemoved = new Uint8Array(data.length);
  let gone = 0;
  for (let row = 0; row < outputs; row++) {
    // Rounded over all rows, so that the whole weight has the share that was asked for.
    const count = Math.round(target.ratio * columns * (row + 1)) - gone;
    isRemoved.set(lowest(scores.subarray(row * columns, (row + 1) * columns), count), row * columns);
    gone += count;
  }
  return withoutRemoved(data, isRemoved);
}
