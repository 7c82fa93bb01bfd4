import type { CholeskyFactor } from './cholesky.ts';
import { rowProducts } from './row-products.ts';

/** Unknowns that are found together. */
const blockColumns = 32;

/** Some unknowns of all right-hand sides. */
interface Slab {
  readonly factor: CholeskyFactor;
  readonly rows: Float64Array;
  readonly from: number;
  readonly width: number;
}

/**
 * Solves `A x = b` in place for many right-hand sides, one a row of `rows` `[count, n]`. It takes n^2 multiplications
 * each. Throws RangeError where rows are not of length n.
 */
export function solveCholesky(factor: CholeskyFactor, rows: Float64Array): void {
  const { n } = factor;
  if (n === 0 || rows.length % n !== 0) throw new RangeError(`${rows.length} numbers are no rows of ${n}`);
  const products = new Float64Array((rows.length / n) * blockColumns);
  for (let from = 0; from < n; from += blockColumns)
    solveForward({ factor, rows, from, width: Math.min(blockColumns, n - from) }, products);
  for (let end = n; end > 0; end -= blockColumns) {
    const from = Math.max(0, end - blockColumns);
    solveBackward({ factor, rows, from, width: end - from }, products);
  }
}

/** `C y = b`, the unknowns before the slab being known. */
function solveForward({ factor, rows, from, width }: Slab, products: Float64Array): void {
  const { n, triangles } = factor;
  const count = rows.length / n;
  rowProducts({
    left: { data: rows, start: 0, stride: n, count },
    right: { data: triangles, start: from * n, stride: n, count: width },
    length: from,
    out: products,
  });
  for (let row = 0; row < count; row++) {
    const at = row * n + from;
    for (let i = 0; i < width; i++) {
      const line = (from + i) * n + from;
      let sum = (rows[at + i] ?? 0) - (products[row * width + i] ?? 0);
      for (let j = 0; j < i; j++) sum -= (triangles[line + j] ?? 0) * (rows[at + j] ?? 0);
      rows[at + i] = sum / (triangles[line + i] ?? 0);
    }
  }
}

/** `Cᵀ x = y`, the unknowns behind the slab being known. */
function solveBackward({ factor, rows, from, width }: Slab, products: Float64Array): void {
  const { n, triangles } = factor;
  const count = rows.length / n;
  const end = from + width;
  rowProducts({
    left: { data: rows, start: end, stride: n, count },
    right: { data: triangles, start: from * n + end, stride: n, count: width },
    length: n - end,
    out: products,
  });
  for (let row = 0; row < count; row++) {
    const at = row * n + from;
    for (let i = width - 1; i >= 0; i--) {
      const line = (from + i) * n + from;
      let sum = (rows[at + i] ?? 0) - (products[row * width + i] ?? 0);
      for (let j = i + 1; j < width; j++) sum -= (triangles[line + j] ?? 0) * (rows[at + j] ?? 0);
      rows[at + i] = sum / (triangles[line + i] ?? 0);
    }
  }
}
