import {
  bitsOf,
  byteLengthOf,
  isComplexType,
  isIntegerType,
  isPackedType,
  type NumericType,
} from '../onnx/data-type.ts';
import { type DenseTensor, elementCount, elementsFromBytes } from '../onnx/dense-tensor.ts';
import { tensorOfNumbers } from '../onnx/tensor-types/tensor-of-numbers.ts';
import { isWide } from '../onnx/tensor-types/wide-integers.ts';

/**
 * A tensor whose element `index`, in row-major order, is `valueAt(index)`; values must fit the type. Booleans are 0
 * and 1, complex elements real numbers.
 */
export function makeTensor(
  type: NumericType,
  dims: readonly number[],
  valueAt: (index: number) => number | bigint,
): DenseTensor {
  const count = elementCount(dims);
  if (!isPlain(type)) {
    const values = new Float64Array(count);
    for (let i = 0; i < count; i++) values[i] = Number(valueAt(i));
    return tensorOfNumbers(type, dims, values);
  }
  // Written in place: inputs may be large.
  const data = elementsFromBytes(type, new Uint8Array(byteLengthOf(type, count)));
  if (isWide(data)) {
    for (let i = 0; i < count; i++) data[i] = BigInt(valueAt(i));
  } else {
    const step = isComplexType(type) ? 2 : 1;
    for (let i = 0; i < count; i++) data[i * step] = Number(valueAt(i));
  }
  return { type, dims, data };
}

/** Whether elements are carried as the numbers they are, not as bits. */
function isPlain(type: NumericType): boolean {
  return bitsOf(type) >= 32 || (isIntegerType(type) && !isPackedType(type));
}
