import { bitsOf, type DataType, isComplexType, isFloatType, isPackedType, type NumericType } from '../data-type.ts';
import type { DenseTensor, NumericElements, TensorElements } from '../dense-tensor.ts';
import { elementCount } from '../dense-tensor.ts';
import { Tensor } from '../tensor.ts';
import { parseElements, printElements } from './cast-strings.ts';
import { narrowNumbers, type NumberArray } from './numbers-of.ts';
import { elementsOfNumbers, type RoundingOptions } from './tensor-of-numbers.ts';
import { isWide, lowWords, type WideIntegers, wideToNumbers, wideToRoundableNumbers } from './wide-integers.ts';

/**
 * The tensor in another element type, as onnxruntime's Cast makes it (ONNX opset 25). Floats become whole numbers by
 * truncation, but those of less than a byte by rounding halves away from zero. Whole numbers that are too large keep
 * their low bits; so do floats, of which ONNX leaves that undefined (NaN and infinities become 0). Small floats are
 * rounded from float32, halves to even.
 * @throws ModelError when a stored tensor is not where the model says, RangeError for complex numbers, which Cast does
 * not know, and for strings that are no number of the type
 */
export function castTensor(tensor: DenseTensor | Tensor, to: DataType, options: RoundingOptions = {}): DenseTensor {
  const dense = tensor instanceof Tensor ? tensor.toDense() : tensor;
  const { type, dims, data } = dense;
  if (type === to) return dense;
  if (isComplexType(type) || isComplexType(to)) throw new RangeError(`${type} cannot be cast to ${to}`);
  if (to === 'string') return { type: to, dims, data: printElements(dense) };
  const source = isTexts(data) ? parseElements(data, to) : { type, data };
  return { type: to, dims, data: castElements({ ...source, count: elementCount(dims) }, to, options) };
}

interface Source {
  readonly type: DataType;
  readonly data: NumericElements;
  readonly count: number;
}

function castElements({ type, data, count }: Source, to: NumericType, options: RoundingOptions): NumericElements {
  if (isWide(data)) return castWide(data, to, options);
  const numbers = narrowNumbers(type, data, count);
  if (isPackedType(to) && to !== 'float4e2m1' && isFloatType(type)) {
    return elementsOfNumbers(to, roundHalvesAway(numbers));
  }
  return elementsOfNumbers(to, roundsTwice(to) ? toFloat32(numbers) : numbers, options);
}

function castWide(data: WideIntegers, to: NumericType, options: RoundingOptions): NumericElements {
  if (to === 'int64') return new BigInt64Array(data);
  if (to === 'uint64') return new BigUint64Array(data);
  if (to === 'bool' || to === 'float64') return elementsOfNumbers(to, wideToNumbers(data));
  if (!isFloatType(to)) return elementsOfNumbers(to, lowWords(data));
  return elementsOfNumbers(to, new Float32Array(wideToRoundableNumbers(data)), options);
}

/** Types that onnxruntime makes of a float32, and so rounds a float64 or int32 twice for. */
function roundsTwice(to: NumericType): boolean {
  return isFloatType(to) && bitsOf(to) < 32;
}

function toFloat32(numbers: NumberArray): Float32Array {
  return numbers instanceof Float32Array ? numbers : new Float32Array(numbers);
}

function roundHalvesAway(numbers: NumberArray): Float64Array {
  const rounded = new Float64Array(numbers.length);
  for (let i = 0; i < rounded.length; i++) {
    const value = numbers[i] ?? 0;
    rounded[i] = Math.sign(value) * Math.round(Math.abs(value));
  }
  return rounded;
}

function isTexts(data: TensorElements): data is readonly string[] {
  return Array.isArray(data);
}
