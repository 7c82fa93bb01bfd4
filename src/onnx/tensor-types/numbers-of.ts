import { bitsOf, type DataType, isPackedType } from '../data-type.ts';
import type { DenseTensor, NumericElements, TensorElements } from '../dense-tensor.ts';
import { elementCount } from '../dense-tensor.ts';
import { Tensor } from '../tensor.ts';
import { decodeFloats } from './decode-floats.ts';
import { isSmallFloat } from './float-format.ts';
import { signExtend, unpackElements } from './packed-elements.ts';
import { isWide, type WideIntegers, wideToNumbers } from './wide-integers.ts';

/** Arrays of plain numbers. */
export type NumberArray = Exclude<NumericElements, WideIntegers>;

/**
 * A tensor's elements as numbers, in row-major order: exact in every type but int64 and uint64, which are rounded to
 * the nearest double beyond 2^53 (see `bigintsOf`). Booleans are 0 and 1, complex numbers two numbers each, the real
 * part first. Not to be written to: where the type allows it, the array is the tensor's own.
 * @throws ModelError when a stored tensor is not where the model says, RangeError for strings
 */
export function numbersOf(tensor: DenseTensor | Tensor): NumberArray {
  const { type, dims, data } = tensor instanceof Tensor ? tensor.toDense() : tensor;
  if (isWide(data)) return wideToNumbers(data);
  return narrowNumbers(type, data, elementCount(dims));
}

/** Elements of a type of at most 32 bits, or of plain floats, as numbers. */
export function narrowNumbers(type: DataType, data: Exclude<TensorElements, WideIntegers>, count: number): NumberArray {
  if (!isNumbers(data)) throw new RangeError('strings are no numbers');
  if (isPackedType(type)) return unpackNumbers(type, data, count);
  return isSmallFloat(type) || type === 'float8e8m0' ? decodeFloats(type, data) : data;
}

function unpackNumbers(type: DataType, data: NumberArray, count: number): NumberArray {
  const bits = bitsOf(type);
  const codes = unpackElements(data, bits, count);
  if (type === 'float4e2m1') return decodeFloats(type, codes);
  return type === 'int4' || type === 'int2' ? signExtend(codes, bits) : codes;
}

function isNumbers(data: TensorElements): data is NumberArray {
  return ArrayBuffer.isView(data) && !isWide(data);
}
