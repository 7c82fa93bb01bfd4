import type { Label } from '../../data/dataset.ts';
import { DataError } from '../../errors.ts';
import { isIntegerType } from '../../onnx/data-type.ts';
import { numbersOf } from '../../onnx/tensor-types/numbers-of.ts';

/**
 * The class a label names.
 * @param classes how many there are
 * @throws DataError `label-mismatch` for what is no single whole number, `label-out-of-range`
 */
export function classOfLabel(label: Label, classes: number, origin: () => string): number {
  if (typeof label === 'string' || !isClassType(label.type) || label.data.length !== 1) {
    throw new DataError('label-mismatch', {
      path: origin(),
      found: describeLabel(label),
      expected: 'one class, an integer',
    });
  }
  const [value = -1] = numbersOf(label);
  if (value < 0 || value >= classes)
    throw new DataError('label-out-of-range', { path: origin(), label: value, classes });
  return value;
}

/** A label for an error: its text, or its type and shape. */
export function describeLabel(label: Label): string {
  return typeof label === 'string' ? `the text '${label.slice(0, 40)}'` : `${label.type}[${label.dims.join(', ')}]`;
}

function isClassType(type: Parameters<typeof isIntegerType>[0]): boolean {
  return isIntegerType(type) || type === 'bool';
}
