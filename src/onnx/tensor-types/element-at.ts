import { bitsOf, isPackedType } from '../data-type.ts';
import type { DenseTensor } from '../dense-tensor.ts';
import { decodeTable } from './decode-floats.ts';
import { isSmallFloat } from './float-format.ts';

/**
 * One element, by its row-major index: a string, a bigint for int64 and uint64, else a number (booleans 0 or 1). Of
 * complex tensors an index names one part: `2 * i` the real one of element i, `2 * i + 1` the imaginary one.
 * @throws RangeError beyond the end
 */
export function elementAt({ type, data }: DenseTensor, index: number): number | bigint | string {
  const bits = bitsOf(type);
  const packed = isPackedType(type);
  const bitIndex = index * bits;
  const stored = data[packed ? Math.floor(bitIndex / 8) : index];
  if (stored === undefined) throw new RangeError(`there is no element ${index}`);
  if (typeof stored !== 'number') return stored;
  const code = packed ? (stored >> (bitIndex % 8)) & (2 ** bits - 1) : stored;
  if (isSmallFloat(type) || type === 'float8e8m0') return decodeTable(type)[code] ?? Number.NaN;
  const negative = (type === 'int4' || type === 'int2') && code >= 2 ** (bits - 1);
  return negative ? code - 2 ** bits : code;
}
