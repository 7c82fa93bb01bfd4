import { isFloatType, isIntegerType, isPackedType, type NumericType } from '../onnx/data-type.ts';
import type { DenseTensor } from '../onnx/dense-tensor.ts';
import { bitsOf } from '../onnx/data-type.ts';
import type { DataType } from '../onnx/data-type.ts';
import { tensorOfNumbers } from '../onnx/tensor-types/tensor-of-numbers.ts';

/** Nested arrays as JSON has them, flat: their elements in row-major order. */
interface Flat {
  readonly dims: readonly number[];
  readonly elements: readonly unknown[];
}

/**
 * A tensor from nested arrays of numbers, booleans or texts; a single one is a scalar.
 * @throws RangeError with a sentence when rows differ in length or an element is none of the type
 */
export function nestedTensor(value: unknown, type: DataType): DenseTensor {
  const { dims, elements } = flatten(value);
  if (type === 'string') return { type, dims, data: elements.map(textOf) };
  if (!isWritable(type)) throw new RangeError(`numbers in JSON cannot be ${type}`);
  const numbers = Float64Array.from(elements, (element) => numberOf(element, type));
  const tensor = tensorOfNumbers(type, dims, numbers);
  return tensor;
}

/** Numbers in the type that suits them: int64 where all are whole, else float64. @throws RangeError */
export function untypedTensor(value: unknown): DenseTensor {
  const { elements } = flatten(value);
  const isWhole = elements.every((element) => typeof element === 'boolean' || Number.isSafeInteger(element));
  return nestedTensor(value, isWhole ? 'int64' : 'float64');
}

function flatten(value: unknown): Flat {
  if (!Array.isArray(value)) return { dims: [], elements: [value] };
  const rows = value.map(flatten);
  const [first = { dims: [], elements: [] }] = rows;
  const other = rows.find(
    ({ dims }) => dims.length !== first.dims.length || dims.some((dim, i) => dim !== first.dims[i]),
  );
  if (other)
    throw new RangeError(`its rows differ in shape: [${first.dims.join(', ')}] and [${other.dims.join(', ')}]`);
  return { dims: [rows.length, ...first.dims], elements: rows.flatMap(({ elements }) => elements) };
}

function isWritable(type: NumericType): boolean {
  return !isPackedType(type) && (type === 'bool' || isIntegerType(type) || /^b?float(16|32|64)$/.test(type));
}

function numberOf(element: unknown, type: NumericType): number {
  if (typeof element === 'boolean') return element ? 1 : 0;
  if (typeof element !== 'number') throw new RangeError(`${JSON.stringify(element)} is no number`);
  if (isFloatType(type)) return element;
  const [least, most] = rangeOf(type);
  if (Number.isSafeInteger(element) && element >= least && element <= most) return element;
  throw new RangeError(`${element} is no ${type}`);
}

function rangeOf(type: NumericType): readonly [least: number, most: number] {
  if (type === 'bool') return [0, 1];
  const bits = bitsOf(type);
  return type.startsWith('u') ? [0, 2 ** bits - 1] : [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1];
}

function textOf(element: unknown): string {
  if (typeof element === 'string') return element;
  throw new RangeError(`${JSON.stringify(element)} is no text`);
}
