import { byteLengthOf, type DataType } from '../onnx/data-type.ts';
import { type DenseTensor, elementCount, elementsFromBytes } from '../onnx/dense-tensor.ts';
import { encodeFloat16 } from '../onnx/float16.ts';

/** Element types that hold numbers. */
export type NumericType = Exclude<DataType, 'string'>;

/**
 * A tensor whose element `index`, in row-major order, is `valueAt(index)`; values must fit the type. Booleans are 0
 * and 1.
 */
export function makeTensor(
  type: NumericType,
  dims: readonly number[],
  valueAt: (index: number) => number | bigint,
): DenseTensor {
  const count = elementCount(dims);
  const data = elementsFromBytes(type, new Uint8Array(byteLengthOf(type, count)));
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) {
    for (let i = 0; i < count; i++) data[i] = BigInt(valueAt(i));
  } else if (type === 'int4' || type === 'uint4') {
    for (let i = 0; i < count; i++) {
      data[i >> 1] = (data[i >> 1] ?? 0) | ((Number(valueAt(i)) & 0xf) << (4 * (i & 1)));
    }
  } else {
    const encode = type === 'float16' ? encodeFloat16 : Number;
    for (let i = 0; i < count; i++) data[i] = encode(Number(valueAt(i)));
  }
  return { type, dims, data };
}
