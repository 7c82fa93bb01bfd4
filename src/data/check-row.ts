import { DataError } from '../errors.ts';
import type { ValueSignature } from '../onnx/signature.ts';
import { type BatchAxis, batchAxisOf } from './batch-axis.ts';

export interface RowContext {
  readonly path: string;
  readonly batchAxis: BatchAxis;
  readonly hint?: string;
}

/**
 * Compares the shape of one sample with what the model declares: without the batch axis, or with one of length 1 or,
 * where the model fixes it, of that length. Returns how many items the sample holds along it: 1, or that length.
 * @throws DataError `data-shape-mismatch`
 */
export function checkRow(input: ValueSignature, dims: readonly number[], context: RowContext): number {
  const items = itemsOf(input, dims, context.batchAxis);
  if (items !== null) return items;
  const details = { path: context.path, input: input.name, found: dims, expected: input.shape };
  throw new DataError('data-shape-mismatch', details, context.hint === undefined ? {} : { hint: context.hint });
}

/** Items of a sample of this shape; null when the model does not take it. */
export function itemsOf(
  { name, type, shape }: ValueSignature,
  dims: readonly number[],
  batchAxis: BatchAxis,
): number | null {
  const axis = batchAxisOf({ name, type, shape }, batchAxis);
  if (axis === null) return fits(dims, shape) ? 1 : null;
  if (dims.length === shape.length - 1) return fits(dims, shape.toSpliced(axis, 1)) ? 1 : null;
  const items = dims[axis];
  if (items === 1 && fits(dims, shape.with(axis, 1))) return 1;
  return batchAxis.kind === 'fixed' && fits(dims, shape) ? batchAxis.size : null;
}

function fits(dims: readonly number[], shape: readonly (number | string)[]): boolean {
  return dims.length === shape.length && shape.every((axis, i) => typeof axis === 'string' || axis === dims[i]);
}
