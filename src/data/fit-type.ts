import { DataError } from '../errors.ts';
import {
  bitsOf,
  type DataType,
  isFloatType,
  isIntegerType,
  isPackedType,
  type NumericType,
} from '../onnx/data-type.ts';
import type { DenseTensor, NumericElements } from '../onnx/dense-tensor.ts';
import type { ValueSignature } from '../onnx/signature.ts';
import type { RecycledBuffers } from './recycled-buffers.ts';
import { numbersOf } from '../onnx/tensor-types/numbers-of.ts';
import { elementsOfNumbers } from '../onnx/tensor-types/tensor-of-numbers.ts';

/** Bits of a float's mantissa with the leading one: whole numbers up to 2 to this are exact. */
const mantissaBits: Partial<Readonly<Record<DataType, number>>> = {
  float16: 11,
  bfloat16: 8,
  float32: 24,
  float64: 53,
};

/** Conversions that may lose something, of types that numpy makes by default where nobody asked for them. */
const checked: Partial<Readonly<Record<DataType, DataType>>> = { float64: 'float32', int64: 'int32' };

/**
 * How data of one type become another's: as they are, exactly, with a check of every value, or not at all. Only numpy's
 * own defaults, float64 and int64, may be narrowed: float64 to float32 is rounded and must not overflow, int64 to int32
 * must fit. Anything else that could lose something would hide that the data are for another model.
 */
export function conversionOf(from: DataType, to: DataType): 'same' | 'exact' | 'checked' | null {
  if (from === to) return 'same';
  if (checked[from] === to) return 'checked';
  return isWidening(from, to) ? 'exact' : null;
}

/** Types that values are converted between. @throws DataError `data-type-mismatch` where they are not */
export function checkType(input: ValueSignature, found: DataType, path: string): void {
  if (conversionOf(found, input.type) !== null) return;
  const details = { path, input: input.name, found, expected: input.type };
  throw new DataError('data-type-mismatch', details, { hint: `in NumPy: array.astype('${input.type}')` });
}

/** Where values come from, for errors. */
export interface ValueOrigin {
  readonly path: string;
  /** The sample that an element belongs to, by its index. */
  readonly sampleOf: (element: number) => number;
}

/**
 * The tensor in the type of an input that `checkType` has let through.
 * @throws DataError `data-malformed` for a value that the type cannot hold
 */
export function fitType(
  input: ValueSignature,
  tensor: DenseTensor,
  { path, sampleOf, buffers }: ValueOrigin & { readonly buffers?: RecycledBuffers | undefined },
): DenseTensor {
  const { type } = input;
  if (tensor.type === type || type === 'string') return tensor;
  const numbers = numbersOf(tensor);
  const data = type === 'float32' && buffers ? floatsOf(numbers, buffers) : elementsOfNumbers(type, numbers);
  if (checked[tensor.type] === type) {
    const bad = firstMisfit(type, numbers, data);
    if (bad !== -1) {
      const problem = `${input.name} holds ${numbers[bad]} in sample ${sampleOf(bad)}, which ${type} cannot hold`;
      throw new DataError('data-malformed', { path, offset: null, problem });
    }
  }
  return { type, dims: tensor.dims, data };
}

function floatsOf(numbers: ArrayLike<number>, buffers: RecycledBuffers): Float32Array {
  const floats = new Float32Array(buffers.take(4 * numbers.length));
  floats.set(numbers);
  return floats;
}

function isWidening(from: DataType, to: DataType): boolean {
  if (isPackedType(from) || isPackedType(to)) return false;
  const mantissa = mantissaBits[to];
  if (isFloatType(from)) {
    return from in mantissaBits && (to === 'float32' || to === 'float64') && bitsOf(from) < bitsOf(to);
  }
  if (from !== 'bool' && !isIntegerType(from)) return false;
  const { bits, signed } = wholeRange(from);
  if (mantissa !== undefined) return bits <= mantissa;
  if (!isIntegerType(to)) return false;
  const target = wholeRange(to);
  return bits <= target.bits && (target.signed || !signed);
}

/** Bits of the largest magnitude: -128 and 127 take 7, 255 takes 8. */
function wholeRange(type: DataType): { readonly bits: number; readonly signed: boolean } {
  if (type === 'bool') return { bits: 1, signed: false };
  const signed = !type.startsWith('u');
  return { bits: bitsOf(type) - (signed ? 1 : 0), signed };
}

function firstMisfit(type: NumericType, numbers: ArrayLike<number>, data: NumericElements): number {
  for (let i = 0; i < numbers.length; i++) {
    const fits = type === 'float32' ? Number.isFinite(data[i]) : data[i] === numbers[i];
    if (!fits) return i;
  }
  return -1;
}
