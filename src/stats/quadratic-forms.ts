import { rowProducts } from './row-products.ts';

/** Places along a row at a time. */
const blockColumns = 32;

export interface FormRows {
  /** `[count, k]`. */
  readonly rows: Float64Array;
  readonly count: number;
  readonly k: number;
}

/** `wᵀ H w` of each row w, for a symmetric H `[k, k]`. It takes k^2 / 2 multiplications a row. */
export function quadraticForms({ rows, count, k }: FormRows, symmetric: Float64Array): Float64Array {
  const products = new Float64Array(count * blockColumns);
  const forms = new Float64Array(count);
  for (let from = 0; from < k; from += blockColumns) {
    const width = Math.min(blockColumns, k - from);
    rowProducts({
      left: { data: rows, start: 0, stride: k, count },
      right: { data: symmetric, start: from * k, stride: k, count: width },
      // H is symmetric: what lies before the block counts twice.
      length: from,
      out: products,
    });
    for (let row = 0; row < count; row++) {
      const at = row * k + from;
      let form = 0;
      for (let i = 0; i < width; i++) {
        const line = (from + i) * k + from;
        let product = 2 * (products[row * width + i] ?? 0) + (rows[at + i] ?? 0) * (symmetric[line + i] ?? 0);
        for (let j = 0; j < i; j++) product += 2 * (rows[at + j] ?? 0) * (symmetric[line + j] ?? 0);
        form += product * (rows[at + i] ?? 0);
      }
      forms[row] = (forms[row] ?? 0) + form;
    }
  }
  return forms;
}
