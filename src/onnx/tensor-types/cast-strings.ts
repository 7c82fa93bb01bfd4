import { type DataType, isFloatType, isPackedType, type NumericType } from '../data-type.ts';
import type { DenseTensor, NumericElements } from '../dense-tensor.ts';
import { numbersOf } from './numbers-of.ts';
import { isWide } from './wide-integers.ts';

/** Significant digits that onnxruntime prints of any float: C's `%.8g`. */
const digits = 8;

const wholeNumber = /^[+-]?\d+$/;
const floatNumber = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const infinity = /^[+-]?inf(inity)?$/i;

/** Numbers as onnxruntime's Cast writes them; booleans are 0 and 1. */
export function printElements(tensor: DenseTensor): readonly string[] {
  if (isWide(tensor.data)) return Array.from(tensor.data, String);
  return Array.from(numbersOf(tensor), isFloatType(tensor.type) ? printFloat : String);
}

function printFloat(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'INF' : '-INF';
  if (Object.is(value, -0)) return '-0';
  const [mantissa = '', exponent = '0'] = value.toExponential(digits - 1).split('e');
  const power = Number(exponent);
  if (power >= -4 && power < digits) return withoutTrailingZeros(value.toFixed(digits - 1 - power));
  const written = String(Math.abs(power)).padStart(2, '0');
  return `${withoutTrailingZeros(mantissa)}e${power < 0 ? '-' : '+'}${written}`;
}

function withoutTrailingZeros(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

/**
 * Texts as numbers that can be cast on to the type. Whole numbers only for integer types and booleans: what else would
 * come of them ONNX leaves undefined.
 * @throws RangeError for a text that is no number of the type
 */
export function parseElements(
  texts: readonly string[],
  to: NumericType,
): { readonly type: DataType; readonly data: NumericElements } {
  if (isFloatType(to)) return { type: 'float64', data: Float64Array.from(texts, parseFloating) };
  const signed = !to.startsWith('u') || isPackedType(to);
  const data = signed ? new BigInt64Array(texts.length) : new BigUint64Array(texts.length);
  texts.forEach((text, i) => (data[i] = parseInteger(text, signed)));
  return { type: signed ? 'int64' : 'uint64', data };
}

function parseFloating(text: string): number {
  const trimmed = text.trim();
  if (/^[+-]?nan$/i.test(trimmed)) return Number.NaN;
  if (infinity.test(trimmed)) return trimmed.startsWith('-') ? -Infinity : Infinity;
  const value = floatNumber.test(trimmed) ? Number(trimmed) : Number.NaN;
  if (!Number.isFinite(value)) throw new RangeError(`'${text}' is no float`);
  return value;
}

function parseInteger(text: string, signed: boolean): bigint {
  const trimmed = text.trim();
  const value = wholeNumber.test(trimmed) ? BigInt(trimmed.replace('+', '')) : null;
  const fits =
    value !== null && (signed ? BigInt.asIntN(64, value) === value : value < 2n ** 64n && value > -(2n ** 64n));
  if (value === null || !fits) throw new RangeError(`'${text}' is no whole number of 64 bits`);
  return value;
}
