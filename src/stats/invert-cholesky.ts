import type { CholeskyFactor } from './cholesky.ts';
import { rowProducts } from './row-products.ts';

/** Rows and columns that are finished together. */
const blockRows = 32;

/** `A^-1` `[n, n]`, both triangles. It takes n^3 / 3 multiplications. */
export function invertCholesky(factor: CholeskyFactor): Float64Array {
  const { n } = factor;
  const upper = transposedInverse(factor);
  const inverse = new Float64Array(n * n);
  const products = new Float64Array(blockRows * blockRows);
  // A^-1 = C^-T C^-1: inner products of the rows of C^-T, which begin at the diagonal.
  for (let top = 0; top < n; top += blockRows) {
    for (let left = 0; left <= top; left += blockRows) {
      const rows = { data: upper, start: top * n + top, stride: n, count: Math.min(blockRows, n - top) };
      const columns = { data: upper, start: left * n + top, stride: n, count: Math.min(blockRows, n - left) };
      rowProducts({ left: rows, right: columns, length: n - top, out: products });
      for (let i = 0; i < rows.count; i++) {
        for (let j = 0; j < columns.count; j++) {
          const product = products[i * columns.count + j] ?? 0;
          inverse[(top + i) * n + left + j] = product;
          inverse[(left + j) * n + top + i] = product;
        }
      }
    }
  }
  return inverse;
}

/** `C^-T`, upper triangular: its row r solves `C y = e_r`, in which all before r is zero. */
function transposedInverse({ n, triangles }: CholeskyFactor): Float64Array {
  const upper = new Float64Array(n * n);
  for (let i = 0; i < n; i++) upper[i * n + i] = 1;
  const products = new Float64Array(blockRows * blockRows);
  for (let top = 0; top < n; top += blockRows) {
    for (let left = top; left < n; left += blockRows) {
      const rows = { data: upper, start: top * n + top, stride: n, count: Math.min(blockRows, n - top) };
      const columns = { data: triangles, start: left * n + top, stride: n, count: Math.min(blockRows, n - left) };
      rowProducts({ left: rows, right: columns, length: left - top, out: products });
      for (let i = 0; i < rows.count; i++) {
        const at = (top + i) * n + left;
        for (let j = 0; j < columns.count; j++) {
          const line = (left + j) * n + left;
          let sum = (upper[at + j] ?? 0) - (products[i * columns.count + j] ?? 0);
          for (let m = 0; m < j; m++) sum -= (triangles[line + m] ?? 0) * (upper[at + m] ?? 0);
          upper[at + j] = sum / (triangles[line + j] ?? 0);
        }
      }
    }
  }
  return upper;
}
