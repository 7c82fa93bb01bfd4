import { bitsOf, isComplexType, type NumericType } from '../data-type.ts';
import { type DenseTensor, elementCount, type NumericElements } from '../dense-tensor.ts';
import { encodeFloats } from './encode-floats.ts';
import { packElements } from './packed-elements.ts';
import { encodeScales } from './power-scale.ts';
import { roundToOdd } from './round-to-odd.ts';
import { wideFromNumbers } from './wide-integers.ts';

export interface RoundingOptions {
  /** What is too large for an 8-bit float becomes its largest number, as in ONNX's Cast; else infinity or NaN. */
  readonly saturate?: boolean;
}

/**
 * A tensor of numbers. Floats are rounded once, to nearest and ties to even (float8e8m0: up); whole numbers are
 * truncated toward zero and keep their low bits where they are too large, NaN becomes 0; booleans are true for all but
 * zero. Complex types take two numbers an element.
 * @throws RangeError when there are more or fewer values than the shape asks for
 */
export function tensorOfNumbers(type: NumericType, dims: readonly number[], values: ArrayLike<number>): DenseTensor {
  const count = elementCount(dims) * (isComplexType(type) ? 2 : 1);
  if (values.length !== count) {
    throw new RangeError(`the shape [${dims.join(', ')}] takes ${count} numbers, ${values.length} are given`);
  }
  return { type, dims, data: elementsOfNumbers(type, values) };
}

/** Types whose array truncates, wraps and rounds by itself. */
const plainArrays = {
  float32: Float32Array,
  float64: Float64Array,
  complex64: Float32Array,
  complex128: Float64Array,
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
} as const;

function isPlain(type: NumericType): type is keyof typeof plainArrays {
  return Object.hasOwn(plainArrays, type);
}

/** Numbers as elements of a type, by the rules of `tensorOfNumbers`. */
export function elementsOfNumbers(
  type: NumericType,
  values: ArrayLike<number>,
  options: RoundingOptions = {},
): NumericElements {
  if (isPlain(type)) return new plainArrays[type](values);
  switch (type) {
    case 'int64':
    case 'uint64':
      return wideFromNumbers(type, values);
    case 'bool':
      return truthOf(values);
    case 'int4':
    case 'uint4':
    case 'int2':
    case 'uint2':
      return packElements(values, bitsOf(type));
    case 'float8e8m0':
      return encodeScales(values, options);
    case 'float4e2m1':
      return packElements(encodeFloats(type, roundToOdd(values)), 4);
    default:
      return encodeFloats(type, values instanceof Float32Array ? values : roundToOdd(values), options);
  }
}

function truthOf(values: ArrayLike<number>): Uint8Array {
  const truth = new Uint8Array(values.length);
  // NaN is true, as in C.
  for (let i = 0; i < truth.length; i++) truth[i] = values[i] === 0 ? 0 : 1;
  return truth;
}
