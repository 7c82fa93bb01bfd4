import { InferError } from '../../errors.ts';
import type { DataType } from '../data-type.ts';
import type { Tensor } from '../tensor.ts';
import type { Content } from './tensor-info.ts';
import { mostContentElements } from './tensor-info.ts';

/** Types whose elements in memory are plain numbers (halves are raw bits, sub-byte types are packed). */
const plainTypes: ReadonlySet<DataType> = new Set([
  'float32',
  'float64',
  'int64',
  'int32',
  'int16',
  'int8',
  'uint64',
  'uint32',
  'uint16',
  'uint8',
  'bool',
]);

/** Content of a small constant; null for large ones, for types that take part in no shape, and for unreadable data. */
export function constantContent(tensor: Tensor): Content {
  if (tensor.elementCount > mostContentElements || !plainTypes.has(tensor.type)) return null;
  if (tensor.storage.kind === 'derived') return null;
  try {
    const { data } = tensor.toDense();
    if (data.length !== tensor.elementCount) return null;
    return Array.from<string | number | bigint, number | null>(data, finiteOrNull);
  } catch (error) {
    // A data file that is not there makes the model unusable, but says nothing against its other shapes.
    if (error instanceof InferError || error instanceof RangeError) return null;
    throw error;
  }
}

function finiteOrNull(element: string | number | bigint): number | null {
  const value = Number(element);
  return Number.isFinite(value) ? value : null;
}
