import type { LayerSums } from '../../compute/reconstruction/layer-sums.ts';

/** Sum of (x - mean) (x - mean)ᵀ, `[columns, columns]`, of sums of one group: what a bias cannot make good. */
export function centeredGram({ gram, inputSums, rows, columns }: LayerSums): Float64Array {
  const centered = Float64Array.from(gram);
  for (let i = 0; i < columns; i++) {
    const mean = (inputSums[i] ?? 0) / rows;
    for (let j = 0; j < columns; j++)
      centered[i * columns + j] = (centered[i * columns + j] ?? 0) - mean * (inputSums[j] ?? 0);
  }
  return centered;
}
