import type { Label } from '../../data/dataset.ts';
import { DataError } from '../../errors.ts';
import { isFloatType, isIntegerType } from '../../onnx/data-type.ts';
import { numbersOf } from '../../onnx/tensor-types/numbers-of.ts';

/**
 * The class a label names.
 * @param classes how many there are
 * @throws DataError `label-mismatch` for what is no single whole number, `label-out-of-range`
 */
export function classOfLabel(label: Label, classes: number, origin: () => string): number {
  const [value = -1] = typeof label === 'string' || label.type === 'string' ? [] : numbersOf(label);
  if (typeof label === 'string' || label.data.length !== 1 || !isClass(label, value)) {
    throw new DataError('label-mismatch', {
      path: origin(),
      found: describeLabel(label),
      expected: 'one class, a whole number,',
    });
  }
  if (value < 0 || value >= classes)
    throw new DataError('label-out-of-range', { path: origin(), label: value, classes });
  return value;
}

/** A label for an error: its text, or its type and shape. */
export function describeLabel(label: Label): string {
  return typeof label === 'string' ? `the text '${label.slice(0, 40)}'` : `${label.type}[${label.dims.join(', ')}]`;
}

/** Whole numbers count also where they are stored as floats, which is how many a CSV file is read. */
function isClass({ type }: Exclude<Label, string>, value: number): boolean {
  return isIntegerType(type) || type === 'bool' || (isFloatType(type) && Number.isInteger(value));
}
