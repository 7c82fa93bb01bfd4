import { factorCholesky } from '../../stats/cholesky.ts';
import { quadraticForms } from '../../stats/quadratic-forms.ts';
import { solveCholesky } from '../../stats/solve-cholesky.ts';
import { dampedGram } from './damped-gram.ts';
import type { UnitColumns } from './obs-state.ts';

/**
 * What a layer's outputs change by, squares over squares, when some units are gone and it is refitted, in closed form:
 * `tr(W_S (H_SS - H_SK H_KK^-1 H_KS) W_Sᵀ)`. Null when the matrix of what is left cannot be inverted.
 */
export function removalError(layer: UnitColumns, isRemoved: (unit: number) => boolean, damping = 1e-3): number | null {
  const n = layer.units.length;
  const columns = [...layer.units.keys()];
  const isGone = layer.units.map((unit) => (unit >= 0 && isRemoved(unit) ? 1 : 0));
  const kept = columns.filter((column) => isGone[column] === 0);
  const damped = dampedGram(layer.gram, n, damping);
  const weights = Float64Array.from(layer.weights);
  const energy = sumOfForms(weights, layer.gram, layer.outputs);
  const removed = weights.map((weight, i) => (isGone[i % n] === 1 ? weight : 0));
  const lost = sumOfForms(removed, damped, layer.outputs);
  const regained = kept.length === 0 ? 0 : regainedBy(damped, removed, { n, kept });
  return regained === null ? null : Math.max(0, lost - regained) / (energy > 0 ? energy : 1);
}

function sumOfForms(rows: Float64Array, matrix: Float64Array, count: number): number {
  return quadraticForms({ rows, count, k: rows.length / count }, matrix).reduce((sum, form) => sum + form, 0);
}

/** What refitting the kept columns makes good: `tr(R H_KK^-1 Rᵀ)` with `R = W_S H_SK`. */
function regainedBy(
  damped: Float64Array,
  removed: Float64Array,
  { n, kept }: { readonly n: number; readonly kept: readonly number[] },
): number | null {
  const size = kept.length;
  const block = Float64Array.from({ length: size * size }, (_, at) => {
    return damped[(kept[Math.floor(at / size)] ?? 0) * n + (kept[at % size] ?? 0)] ?? 0;
  });
  const factor = factorCholesky(block, size);
  if (factor === null) return null;
  const rows = new Float64Array((removed.length / n) * size);
  for (let output = 0; output * n < removed.length; output++) {
    for (let column = 0; column < n; column++) {
      const weight = removed[output * n + column] ?? 0;
      if (weight === 0) continue;
      for (let i = 0; i < size; i++)
        rows[output * size + i] = (rows[output * size + i] ?? 0) + weight * (damped[column * n + (kept[i] ?? 0)] ?? 0);
    }
  }
  const solution = rows.slice();
  solveCholesky(factor, solution);
  return rows.reduce((sum, x, i) => sum + x * (solution[i] ?? 0), 0);
}
