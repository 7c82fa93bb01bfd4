import type { WeightMatrix } from './weight-matrix.ts';
import { columnPanels } from './weight-matrix.ts';

/** Keeps scales away from zero, as in Intel Neural Compressor's awq. */
const leastScale = 1e-4;

interface AwqScalesOptions {
  readonly meanAbsolute: ArrayLike<number>;
  /** Of `meanWeightShare`. */
  readonly shares: Float64Array;
  /** 0 … 1: how much the inputs count against the weights. */
  readonly ratio: number;
}

/** `x^ratio / w^(1 - ratio)` for each input channel, around 1 in the geometric middle of its extremes. */
export function awqScales({ meanAbsolute, shares, ratio }: AwqScalesOptions): Float32Array {
  const raw = shares.map((share, i) => {
    const scale = (meanAbsolute[i] ?? 0) ** ratio / share ** (1 - ratio);
    return Number.isFinite(scale) ? Math.max(scale, leastScale) : 1;
  });
  let least = Infinity;
  let most = 0;
  for (const scale of raw) {
    least = Math.min(least, scale);
    most = Math.max(most, scale);
  }
  const middle = Math.sqrt(least * most);
  return Float32Array.from(raw, (scale) => scale / middle);
}

/** Mean over the columns of |w| as a part of its block's largest, for each input channel. */
export function meanWeightShare(matrix: WeightMatrix, blockSize: number): Float64Array {
  const { k, n } = matrix;
  const shares = new Float64Array(k);
  for (const { rows, offset, count } of columnPanels(matrix)) {
    for (let row = 0; row < count; row++) {
      for (let from = 0; from < k; from += blockSize)
        addShares(shares, rows.subarray(offset + row * k, offset + (row + 1) * k), { from, blockSize });
    }
  }
  return shares.map((share) => share / n);
}

function addShares(
  shares: Float64Array,
  row: Float32Array,
  { from, blockSize }: { readonly from: number; readonly blockSize: number },
): void {
  const end = Math.min(from + blockSize, row.length);
  let largest = 0;
  for (let i = from; i < end; i++) largest = Math.max(largest, Math.abs(row[i] ?? 0));
  if (largest === 0) return;
  for (let i = from; i < end; i++) shares[i] = (shares[i] ?? 0) + Math.abs(row[i] ?? 0) / largest;
}
