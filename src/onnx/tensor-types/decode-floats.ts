import { type FloatFormat, floatFormats, type SmallFloatType } from './float-format.ts';
import { decodeScale } from './power-scale.ts';

/** Types whose every bit pattern stands in a table: at most 65,536 entries. */
type TabledType = SmallFloatType | 'float8e8m0';

const tables = new Map<TabledType, Float32Array>();

/** The numbers that bits of a small float type stand for; each is exact in float32. */
export function decodeFloats(type: TabledType, codes: ArrayLike<number>): Float32Array {
  const table = decodeTable(type);
  const values = new Float32Array(codes.length);
  for (let i = 0; i < values.length; i++) values[i] = table[codes[i] ?? 0] ?? Number.NaN;
  return values;
}

/** Number by bit pattern, made once a type. */
export function decodeTable(type: TabledType): Float32Array {
  const known = tables.get(type);
  if (known !== undefined) return known;
  const table =
    type === 'float8e8m0'
      ? Float32Array.from({ length: 256 }, (_, code) => decodeScale(code))
      : Float32Array.from({ length: 2 ** floatFormats[type].bits }, (_, code) => decode(code, floatFormats[type]));
  tables.set(type, table);
  return table;
}

function decode(pattern: number, format: FloatFormat): number {
  const signBit = 2 ** (format.bits - 1);
  const code = pattern % signBit;
  const sign = pattern >= signBit ? -1 : 1;
  if (!format.negativeZero && pattern === format.nan) return Number.NaN;
  if (code > format.largest) return code === format.infinity ? sign * Infinity : Number.NaN;
  const fraction = code % 2 ** format.mantissaBits;
  const exponent = Math.floor(code / 2 ** format.mantissaBits);
  if (exponent === 0) return sign * fraction * 2 ** (1 - format.bias - format.mantissaBits);
  return sign * (2 ** format.mantissaBits + fraction) * 2 ** (exponent - format.bias - format.mantissaBits);
}
