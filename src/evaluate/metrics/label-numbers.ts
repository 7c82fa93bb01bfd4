import type { Label } from '../../data/dataset.ts';
import { DataError } from '../../errors.ts';
import { type NumberArray, numbersOf } from '../../onnx/tensor-types/numbers-of.ts';
import { describeLabel } from './class-label.ts';

/**
 * The numbers a label holds, as many as the model predicts for a sample.
 * @throws DataError `label-mismatch`
 */
export function numbersOfLabel(label: Label, length: number, origin: () => string): NumberArray {
  if (typeof label !== 'string' && label.type !== 'string' && label.data.length > 0) {
    const numbers = numbersOf(label);
    if (numbers.length === length) return numbers;
  }
  const expected = length === 1 ? 'one number' : `${length} numbers, as the model returns`;
  throw new DataError('label-mismatch', { path: origin(), found: describeLabel(label), expected });
}
