import { rowProducts } from './row-products.ts';

/** Places along K at a time. */
const blockColumns = 32;

export interface WeightRows {
  /** `[count, K]`. */
  readonly rows: Float64Array;
  readonly count: number;
  readonly k: number;
}

/**
 * Squared norm of the outputs `X w`, summed over some columns w of a weight, from the gram matrix `X^T X` alone: the sum
 * of `w^T H w`. Of the differences of two weights it is the output's squared error.
 */
export function outputEnergy({ rows, count, k }: WeightRows, gram: Float64Array): number {
  const products = new Float64Array(count * blockColumns);
  let sum = 0;
  for (let from = 0; from < k; from += blockColumns) {
    const width = Math.min(blockColumns, k - from);
    rowProducts({
      left: { data: rows, start: 0, stride: k, count },
      right: { data: gram, start: from * k, stride: k, count: width },
      // H is symmetric: what lies before the block counts twice.
      length: from,
      out: products,
    });
    for (let row = 0; row < count; row++) {
      const at = row * k + from;
      for (let i = 0; i < width; i++) {
        const line = (from + i) * k + from;
        let product = 2 * (products[row * width + i] ?? 0) + (rows[at + i] ?? 0) * (gram[line + i] ?? 0);
        for (let j = 0; j < i; j++) product += 2 * (rows[at + j] ?? 0) * (gram[line + j] ?? 0);
        sum += product * (rows[at + i] ?? 0);
      }
    }
  }
  return sum;
}
