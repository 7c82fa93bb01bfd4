import type { GramFactor } from '../../stats/gram-factor.ts';
import { factorGram } from '../../stats/gram-factor.ts';
import { alongInputs, requirePattern } from './n-of-m.ts';
import { SparseRows } from './sparse-rows.ts';
import type { SparseTarget, SparseWeights, WeightRows } from './sparse-weights.ts';
import { counted } from './sparse-weights.ts';

/** Columns whose mask is chosen together. */
const blockColumns = 128;

/**
 * SparseGPT (Frantar and Alistarh 2023): weights become 0 column after column, and those behind make good what that
 * does to the outputs. In each block of columns the share of weights goes that costs least; under a pattern all but
 * `keep` of each group. Inputs that are always 0 lose their weights.
 *
 * As in `gptqBlocks` the inverse of H is not needed: with `H = Lᵀ L` the error is `|L e|²`, whose component i depends
 * on the errors up to i only. A weight that stays makes its component 0; one that goes costs `(w L_ii)²`, which is the
 * paper's `w² / U_ii²`.
 *
 * @param gram sum of x xᵀ over rows, `[inputs * taps, inputs * taps]`, in the order of the weight's columns
 * @throws RangeError for a gram matrix that is not finite or of another size, and a pattern that does not come out even
 */
export function sparseGpt(weight: WeightRows, target: SparseTarget, gram: Float64Array): SparseWeights {
  const columns = weight.inputs * weight.taps;
  if (gram.length !== columns ** 2) throw new RangeError(`a gram matrix of ${gram.length} for ${columns} columns`);
  if (!('ratio' in target)) requirePattern(weight, target);
  const order = 'ratio' in target ? Int32Array.from({ length: columns }, (_, i) => i) : alongInputs(weight);
  const factor = factorGram(reordered(gram, order), columns);
  const rows = new SparseRows(liveRows(weight, order, gram), factor);
  if ('ratio' in target) pruneShare(rows, factor, target.ratio);
  else prunePattern(rows, factor, target);
  return counted(restored(rows.weights, order));
}

function pruneShare(rows: SparseRows, { k }: GramFactor, ratio: number): void {
  let gone = 0;
  for (let from = 0; from < k; from += blockColumns) {
    const end = Math.min(from + blockColumns, k);
    rows.open(from, end);
    // Rounded over all blocks, so that the whole weight has the share that was asked for.
    const count = Math.round(ratio * rows.count * end) - gone;
    rows.finishShare(count);
    gone += count;
  }
}

function prunePattern(rows: SparseRows, { k }: GramFactor, pattern: { readonly keep: number; readonly of: number }) {
  const width = Math.max(1, Math.floor(blockColumns / pattern.of)) * pattern.of;
  for (let from = 0; from < k; from += width) {
    rows.open(from, Math.min(from + width, k));
    rows.finishPattern(pattern);
  }
}

/** The gram matrix with rows and columns in another order; itself where the order is that of its columns. */
function reordered(gram: Float64Array, order: Int32Array): Float64Array {
  if (order.every((column, place) => column === place)) return gram;
  const n = order.length;
  const moved = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    const from = (order[i] ?? 0) * n;
    for (let j = 0; j < n; j++) moved[i * n + j] = gram[from + (order[j] ?? 0)] ?? 0;
  }
  return moved;
}

/** The weight's columns in the given order, 0 where the input always is. */
function liveRows({ data, outputs }: WeightRows, order: Int32Array, gram: Float64Array): Float32Array {
  const n = order.length;
  const isLive = order.map((column) => ((gram[column * n + column] ?? 0) > 0 ? 1 : 0));
  const rows = new Float32Array(outputs * n);
  for (let row = 0; row < outputs * n; row += n)
    for (let i = 0; i < n; i++) rows[row + i] = isLive[i] === 1 ? (data[row + (order[i] ?? 0)] ?? 0) : 0;
  return rows;
}

function restored(rows: Float32Array, order: Int32Array): Float32Array {
  const n = order.length;
  const data = new Float32Array(rows.length);
  for (let row = 0; row < rows.length; row += n)
    for (let i = 0; i < n; i++) data[row + (order[i] ?? 0)] = rows[row + i] ?? 0;
  return data;
}
