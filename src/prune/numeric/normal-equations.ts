import { transposed } from '../../stats/transposed.ts';
import type { LeastSquaresSums } from './least-squares-sums.ts';

export interface NormalSystem {
  /** Added to the diagonal, and drawing toward the old weights as much. */
  readonly shift: number;
  /** Whether sums are taken around the means: a constant that is free has no row of its own then. */
  readonly isCentered: boolean;
}

/** `XᵀX + λI` `[n, n]` of sums of one group. */
export function normalMatrix(sums: LeastSquaresSums, { shift, isCentered }: NormalSystem): Float64Array {
  const { columns: n, inputSums, rows } = sums;
  const matrix = sums.gram.slice();
  for (let i = 0; i < n; i++) {
    const mean = isCentered ? (inputSums[i] ?? 0) / rows : 0;
    if (mean !== 0)
      for (let j = 0; j < n; j++) matrix[i * n + j] = (matrix[i * n + j] ?? 0) - mean * (inputSums[j] ?? 0);
    matrix[i * n + i] = (matrix[i * n + i] ?? 0) + shift;
  }
  return matrix;
}

/** `(XᵀZ + λ W_K)ᵀ` `[m, n]`: a right-hand side a row. */
export function normalTargets(sums: LeastSquaresSums, old: Float32Array, system: NormalSystem): Float64Array {
  const { columns: n, outputs: m, inputSums, targetSums, rows: count } = sums;
  if (old.length !== m * n) throw new RangeError(`${old.length} weights, not ${m * n}`);
  const rows = transposed(sums.cross, n, m);
  for (let output = 0; output < m; output++) {
    const mean = system.isCentered ? (targetSums[output] ?? 0) / count : 0;
    for (let i = 0; i < n; i++) {
      const at = output * n + i;
      rows[at] = (rows[at] ?? 0) - mean * (inputSums[i] ?? 0) + system.shift * (old[at] ?? 0);
    }
  }
  return rows;
}
