import { Tensor } from '../tensor.ts';
import { numbersOf } from '../tensor-types/numbers-of.ts';
import { tensorOfNumbers } from '../tensor-types/tensor-of-numbers.ts';
import type { Value } from '../value.ts';
import { constantOf } from './constant-of.ts';

/**
 * Types that doubles hold with bits to spare (or as they are), so that arithmetic on them is rounded once; with the
 * smallest numbers that have all their bits (IEEE 754-2019, table 3.5).
 */
const smallestNormals = { float16: 2 ** -14, float32: 2 ** -126, float64: 2 ** -1022 } as const;

type FloatType = keyof typeof smallestNormals;

/** A constant of float16, float32 or float64, else null. bfloat16 is left alone: few kernels take it. */
export function floatConstantOf(value: Value | null): Tensor | null {
  const tensor = constantOf(value);
  return tensor !== null && isFloat(tensor.type) ? tensor : null;
}

/** Elements of a float constant, exactly. Not to be written to. */
export function floatsOf(constant: Tensor): Float32Array | Float64Array {
  const numbers = numbersOf(constant);
  if (numbers instanceof Float32Array || numbers instanceof Float64Array) return numbers;
  throw new RangeError(`a tensor of ${constant.type} is no float constant`);
}

/** A new constant of rounded numbers; null where one of them is too large for the type, or is none. */
export function roundedTensor(
  values: Float32Array | Float64Array,
  { type, dims }: { readonly type: Tensor['type']; readonly dims: readonly number[] },
): Tensor | null {
  if (!isFloat(type)) return null;
  const tensor = Tensor.fromDense(tensorOfNumbers(type, dims, values));
  return floatsOf(tensor).every((value) => Number.isFinite(value)) ? tensor : null;
}

/** Room for the products of a constant's elements: doubles, unless they are rounded to float32 as they are stored. */
export function productsFor(constant: Tensor): Float32Array | Float64Array {
  const count = constant.elementCount;
  return constant.type === 'float32' ? new Float32Array(count) : new Float64Array(count);
}

/** Whether a number of this size keeps all its bits in a type. Zero does. */
export function keepsPrecision(type: Tensor['type'], size: number): boolean {
  return size === 0 || (isFloat(type) && size >= smallestNormals[type]);
}

function isFloat(type: Tensor['type']): type is FloatType {
  return Object.hasOwn(smallestNormals, type);
}
