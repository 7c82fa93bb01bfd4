import { DataError } from '../errors.ts';
import type { DenseTensor } from '../onnx/dense-tensor.ts';
import type { ValueSignature } from '../onnx/signature.ts';
import { type BatchAxis, batchAxisOf } from './batch-axis.ts';

/**
 * Compares a tensor from data with what the model declares. Its batch axis may be missing, and may have any length
 * that divides a fixed one. Types must be the same: a silent cast would hide that the data is for another model.
 * @throws DataError `data-type-mismatch` or `data-shape-mismatch`
 */
export function checkTensor(
  input: ValueSignature,
  tensor: DenseTensor,
  { path, batchAxis, hint }: { readonly path: string; readonly batchAxis: BatchAxis; readonly hint?: string },
): void {
  if (tensor.type !== input.type) {
    const details = { path, input: input.name, found: tensor.type, expected: input.type };
    throw new DataError('data-type-mismatch', details);
  }
  const axis = batchAxisOf(input, batchAxis);
  const whole = tensor.dims.length === input.shape.length;
  const expected = whole || axis === null ? input.shape : input.shape.toSpliced(axis, 1);
  const fits = (dim: number, i: number): boolean => {
    const declared = expected[i];
    return declared === dim || typeof declared === 'string' || (whole && i === axis && (declared ?? 0) % dim === 0);
  };
  if (tensor.dims.length === expected.length && tensor.dims.every(fits)) return;
  const details = { path, input: input.name, found: tensor.dims, expected: input.shape };
  throw new DataError('data-shape-mismatch', details, hint === undefined ? {} : { hint });
}
