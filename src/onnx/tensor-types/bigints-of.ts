import { isIntegerType } from '../data-type.ts';
import type { DenseTensor } from '../dense-tensor.ts';
import { Tensor } from '../tensor.ts';
import { numbersOf } from './numbers-of.ts';
import { isWide, type WideIntegers } from './wide-integers.ts';

/**
 * The elements of a tensor of whole numbers or booleans, exactly. Not to be written to: for int64 and uint64 the array
 * is the tensor's own. Slow for other types; `numbersOf` is exact for those.
 * @throws ModelError when a stored tensor is not where the model says, RangeError for other types
 */
export function bigintsOf(tensor: DenseTensor | Tensor): WideIntegers {
  const dense = tensor instanceof Tensor ? tensor.toDense() : tensor;
  const { type, data } = dense;
  if (isWide(data)) return data;
  if (!isIntegerType(type) && type !== 'bool') throw new RangeError(`${type} elements are no whole numbers`);
  return BigInt64Array.from(numbersOf(dense), BigInt);
}
