import type { DatasetBatch, Label } from '../data/dataset.ts';
import { DataError } from '../errors.ts';
import type { DenseTensor } from '../onnx/dense-tensor.ts';
import { numbersOf } from '../onnx/tensor-types/numbers-of.ts';

/** Whether the labels of a batch are classes: one whole number a sample. */
export function areClasses(labels: readonly Label[] | null): boolean {
  return labels !== null && labels.length > 0 && labels.every((label) => classOf(label) !== null);
}

/**
 * The labels of a batch as one vector of int64, as long as the batch that is fed: where the last sample is repeated, so
 * is its label. Throws DataError for a label that is no class.
 */
export function labelVector(
  { labels, indices }: DatasetBatch,
  { classes, length, originOf }: { readonly classes: number; readonly length: number; originOf(index: number): string },
): DenseTensor {
  const data = new BigInt64Array(length);
  for (let row = 0; row < length; row++) {
    const at = Math.min(row, indices.length - 1);
    const path = originOf(indices[at] ?? 0);
    const label = labels?.[at];
    const number = label === undefined ? null : classOf(label);
    if (number === null) throw new DataError('label-mismatch', { path, found: kindOf(label), expected: 'a class' });
    if (number < 0 || number >= classes) throw new DataError('label-out-of-range', { path, label: number, classes });
    data[row] = BigInt(number);
  }
  return { type: 'int64', dims: [length], data };
}

function classOf(label: Label): number | null {
  if (typeof label === 'string' || label.type !== 'int64' || label.data.length !== 1) return null;
  return numbersOf(label)[0] ?? null;
}

function kindOf(label: Label | undefined): string {
  if (label === undefined) return 'missing';
  return typeof label === 'string' ? 'a text' : `${label.type}[${label.dims.join(', ')}]`;
}
