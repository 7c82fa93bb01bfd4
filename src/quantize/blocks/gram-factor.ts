import { rowProducts } from './row-products.ts';

/** `H = Lᵀ L` with L lower triangular, of a damped gram matrix. */
export interface GramFactor {
  readonly k: number;
  /** L, `[K, K]` row-major; what is above the diagonal is not to be read. */
  readonly lower: Float64Array;
  /** What was added to the diagonal, as a part of its mean. */
  readonly damping: number;
}

/** Rows and columns that are finished together. */
const blockRows = 32;

/** The most that the damping is raised, in turns of ten times: the matrix is all diagonal then. */
const mostTurns = 6;

/**
 * Factors a gram matrix `X^T X` `[K, K]`, one per cent of its mean diagonal added to the diagonal, as GPTQ has it
 * (Frantar et al. 2022); more where rounding errors have left it indefinite. It takes K^3 / 6 multiplications; several
 * weights that read the same input share the result. Throws RangeError for numbers that are not finite.
 */
export function factorGram(gram: Float64Array | Float32Array, k: number, damping = 0.01): GramFactor {
  for (let turn = 0, part = damping; turn < mostTurns; turn++, part *= 10) {
    const flipped = dampedFlip(gram, k, part);
    if (!factorInPlace(flipped, k)) continue;
    flipAlongAntidiagonal(flipped, k);
    return { k, lower: flipped, damping: part };
  }
  throw new RangeError('the gram matrix has numbers that are not finite');
}

/** Rows and columns in reverse order, so that the usual factor `C Cᵀ` of it is L with its indices reversed. */
function dampedFlip(gram: Float64Array | Float32Array, k: number, damping: number): Float64Array {
  let trace = 0;
  for (let i = 0; i < k; i++) trace += gram[i * k + i] ?? 0;
  // Without any input every direction counts the same.
  const added = trace > 0 ? (damping * trace) / k : 1;
  const flipped = new Float64Array(k * k);
  for (let i = 0, last = k * k - 1; i <= last; i++) flipped[last - i] = gram[i] ?? 0;
  for (let i = 0; i < k; i++) flipped[i * k + i] = (flipped[i * k + i] ?? 0) + added;
  return flipped;
}

/** Cholesky's factor over the lower triangle, block after block; false when the matrix is not positive definite. */
function factorInPlace(a: Float64Array, k: number): boolean {
  const out = new Float64Array(blockRows * blockRows);
  for (let top = 0; top < k; top += blockRows) {
    for (let left = 0; left <= top; left += blockRows) {
      const rows = { data: a, start: top * k, stride: k, count: Math.min(blockRows, k - top) };
      const columns = { data: a, start: left * k, stride: k, count: Math.min(blockRows, k - left) };
      rowProducts({ left: rows, right: columns, length: left, out });
      if (!finishBlock(a, out, { k, top, left, rows: rows.count, columns: columns.count })) return false;
    }
  }
  return true;
}

interface Block {
  readonly k: number;
  readonly top: number;
  readonly left: number;
  readonly rows: number;
  readonly columns: number;
}

function finishBlock(a: Float64Array, products: Float64Array, { k, top, left, rows, columns }: Block): boolean {
  for (let j = 0; j < columns; j++) {
    const column = (left + j) * k + left;
    for (let i = top === left ? j : 0; i < rows; i++) {
      const row = (top + i) * k + left;
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

/** Moves `[i, j]` to `[K - 1 - j, K - 1 - i]`: from C to L, triangle to triangle. */
function flipAlongAntidiagonal(a: Float64Array, k: number): void {
  for (let i = 0; i < k; i++) {
    for (let j = 0; j <= i && i + j < k - 1; j++) {
      const here = i * k + j;
      const there = (k - 1 - j) * k + (k - 1 - i);
      const kept = a[here] ?? 0;
      a[here] = a[there] ?? 0;
      a[there] = kept;
    }
  }
}
