import { rowProducts } from './row-products.ts';

/** `A = C Cᵀ` with C lower triangular. */
export interface CholeskyFactor {
  readonly n: number;
  /** `[n, n]` row-major: C on and below the diagonal, Cᵀ above it, so that both are read along rows. */
  readonly triangles: Float64Array;
}

/** Rows and columns that are finished together. */
const blockRows = 32;

/**
 * Cholesky's factor in place, over the lower triangle of a symmetric `[n, n]`, block after block; what is above the
 * diagonal is neither read nor written. It takes n^3 / 6 multiplications. False when the matrix is not positive
 * definite or not finite; what is in it then is of no use.
 */
export function choleskyInPlace(a: Float64Array, n: number): boolean {
  const out = new Float64Array(blockRows * blockRows);
  for (let top = 0; top < n; top += blockRows) {
    for (let left = 0; left <= top; left += blockRows) {
      const rows = { data: a, start: top * n, stride: n, count: Math.min(blockRows, n - top) };
      const columns = { data: a, start: left * n, stride: n, count: Math.min(blockRows, n - left) };
      rowProducts({ left: rows, right: columns, length: left, out });
      if (!finishBlock(a, out, { n, top, left, rows: rows.count, columns: columns.count })) return false;
    }
  }
  return true;
}

interface Block {
  readonly n: number;
  readonly top: number;
  readonly left: number;
  readonly rows: number;
  readonly columns: number;
}

function finishBlock(a: Float64Array, products: Float64Array, { n, top, left, rows, columns }: Block): boolean {
  for (let j = 0; j < columns; j++) {
    const column = (left + j) * n + left;
    for (let i = top === left ? j : 0; i < rows; i++) {
      const row = (top + i) * n + left;
      let sum = (a[row + j] ?? 0) - (products[i * columns + j] ?? 0);
      for (let m = 0; m < j; m++) sum -= (a[row + m] ?? 0) * (a[column + m] ?? 0);
      if (row === column) {
        if (!(sum > 0) || sum === Infinity) return false;
        a[row + j] = Math.sqrt(sum);
      } else a[row + j] = sum / (a[column + j] ?? 0);
    }
  }
  return true;
}

/**
 * The factor of a symmetric matrix `[n, n]` of which the lower triangle is read, and all of which is written over: the
 * factor keeps it. Null when it is not positive definite or not finite.
 */
export function factorCholesky(a: Float64Array, n: number): CholeskyFactor | null {
  if (!choleskyInPlace(a, n)) return null;
  for (let top = 0; top < n; top += blockRows)
    for (let left = 0; left <= top; left += blockRows) mirrorBlock(a, n, { top, left });
  return { n, triangles: a };
}

function mirrorBlock(a: Float64Array, n: number, { top, left }: { readonly top: number; readonly left: number }): void {
  for (let i = top; i < Math.min(top + blockRows, n); i++)
    for (let j = left; j < Math.min(left + blockRows, i); j++) a[j * n + i] = a[i * n + j] ?? 0;
}
