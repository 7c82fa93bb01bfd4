import type { DataType } from '../onnx/data-type.ts';
import { bytesOfElements, type DenseTensor } from '../onnx/dense-tensor.ts';

/** numpy's type strings; the types of machine learning that it has no names for are not written. */
const descrByType: Partial<Readonly<Record<DataType, string>>> = {
  float16: '<f2',
  float32: '<f4',
  float64: '<f8',
  int8: '|i1',
  int16: '<i2',
  int32: '<i4',
  int64: '<i8',
  uint8: '|u1',
  uint16: '<u2',
  uint32: '<u4',
  uint64: '<u8',
  bool: '|b1',
  complex64: '<c8',
  complex128: '<c16',
};

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0];
/** What the elements are aligned to, so that they can be mapped into memory (NumPy's `numpy/lib/format.py`). */
const alignment = 64;

/**
 * The bytes of an `.npy` file of version 1.0.
 * @throws RangeError for a type that numpy has no name for, such as bfloat16
 */
export function writeNpy(tensor: DenseTensor): Uint8Array {
  const { descr, bytes } = encode(tensor);
  const [only, ...others] = tensor.dims;
  const shape = only !== undefined && others.length === 0 ? `(${only},)` : `(${tensor.dims.join(', ')})`;
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${shape}, }`;
  const start = magic.length + 2;
  const padded = Math.ceil((start + text.length + 1) / alignment) * alignment - start;
  const header = Buffer.from(`${text.padEnd(padded - 1)}\n`, 'latin1');
  const length = Buffer.alloc(2);
  length.writeUInt16LE(header.length);
  return Buffer.concat([Uint8Array.from(magic), length, header, bytes]);
}

function encode({ type, data }: DenseTensor): { readonly descr: string; readonly bytes: Uint8Array } {
  if (!ArrayBuffer.isView(data)) return encodeStrings(data);
  const descr = descrByType[type];
  if (descr === undefined) throw new RangeError(`numpy has no type for ${type}`);
  return { descr, bytes: bytesOfElements(data) };
}

/** All as long as the longest, in four bytes a character. */
function encodeStrings(texts: readonly string[]): { readonly descr: string; readonly bytes: Uint8Array } {
  const rows = texts.map((text) => Array.from(text, (character) => character.codePointAt(0) ?? 0));
  const width = rows.reduce((most, { length }) => Math.max(most, length), 1);
  const characters = new Uint32Array(rows.length * width);
  rows.forEach((row, i) => characters.set(row, i * width));
  return { descr: `<U${width}`, bytes: new Uint8Array(characters.buffer) };
}
