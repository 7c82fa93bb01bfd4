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
  return tensorOfNumbers(type, dims, numbers);
}

/** Numbers in the type that suits them: int64 where all are whole, else float64. @throws RangeError */
export function untypedTensor(value: unknown): DenseTensor {
  const { elements } = flatten(value);
  const isWhole = elements.every((element) => typeof element === 'boolean' || Number.isSafeInteger(element));
  return nestedTensor(value, isWhole ? 'int64' : 'float64');
}

/** The first element of each level tells the shape; what differs from it is found on the way. */
function flatten(value: unknown): Flat {
  const dims: number[] = [];
  for (let at = value; Array.isArray(at); at = at[0]) dims.push(at.length);
  const elements: unknown[] = [];
  collect(value, { dims, depth: 0, elements });
  return { dims, elements };
}

interface Level {
  readonly dims: readonly number[];
  /** Of arrays around the value. */
  readonly depth: number;
  readonly elements: unknown[];
}

function collect(value: unknown, { dims, depth, elements }: Level): void {
  const length = dims[depth];
  if (length === undefined && !Array.isArray(value)) {
    elements.push(value);
    return;
  }
  if (!Array.isArray(value) || value.length !== length) throw differing(value, dims.slice(depth));
  if (depth + 1 < dims.length) {
    const below = { dims, depth: depth + 1, elements };
    for (const row of value) collect(row, below);
    return;
  }
  for (const element of value) {
    if (Array.isArray(element)) throw differing(element, []);
    elements.push(element);
  }
}

function differing(value: unknown, expected: readonly number[]): RangeError {
  const found: number[] = [];
  for (let at = value; Array.isArray(at); at = at[0]) found.push(at.length);
  return new RangeError(`its rows differ in shape: [${expected.join(', ')}] and [${found.join(', ')}]`);
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
