import { DataError } from '../errors.ts';
import type { DataType, NumericType } from '../onnx/data-type.ts';
import {
  type DenseTensor,
  elementCount,
  elementsFromBytes,
  elementsOver,
  type TensorElements,
} from '../onnx/dense-tensor.ts';
import { type NpyHeader, readNpyHeader } from './npy-header.ts';
import { toRowMajor } from './row-major.ts';

/** Kind and size of numpy's type strings that ONNX has a type for. */
const dataTypeByDescr: Readonly<Record<string, NumericType>> = {
  f2: 'float16',
  f4: 'float32',
  f8: 'float64',
  i1: 'int8',
  i2: 'int16',
  i4: 'int32',
  i8: 'int64',
  u1: 'uint8',
  u2: 'uint16',
  u4: 'uint32',
  u8: 'uint64',
  b1: 'bool',
};

/** How the bytes of one element are to be read. */
export interface NpyLayout {
  readonly type: DataType;
  readonly itemBytes: number;
  /** Bytes that a byte swap works on: the element, or one character of a string. */
  readonly unitBytes: number;
  readonly bigEndian: boolean;
}

/**
 * The array of an `.npy` file, in row-major order whatever its own. Unicode arrays (`<U…`) become strings.
 * @param path names the file in errors; their offsets are bytes from the start of `bytes`.
 * @throws DataError `data-malformed` or `data-unsupported`
 */
export function decodeNpy(bytes: Uint8Array, path: string): DenseTensor {
  const header = readNpyHeader(bytes, path);
  const layout = npyLayout(header.descr, path);
  const body = bytes.subarray(header.dataOffset);
  checkNpyLength(body.length, { header, layout, path });
  const { itemBytes } = layout;
  const data = header.fortranOrder ? toRowMajor(body, { dims: header.shape, itemBytes }) : body;
  return { type: layout.type, dims: header.shape, data: decodeNpyElements(data, { header, layout, path }) };
}

/** What numpy's type string says of each element. @throws DataError `data-unsupported` */
export function npyLayout(descr: string, path: string): NpyLayout {
  const [, order, kind, digits] = /^([<>|=]?)([a-zA-Z])(\d{1,9})$/.exec(descr) ?? [];
  const size = Number(digits);
  const bigEndian = order === '>';
  if (kind === 'U' && size > 0) return { type: 'string', itemBytes: 4 * size, unitBytes: 4, bigEndian };
  const type = dataTypeByDescr[`${kind}${digits}`];
  if (type !== undefined) return { type, itemBytes: size, unitBytes: size, bigEndian };
  const problem = `${kindText(descr)}; numbers, booleans and unicode strings are read`;
  throw new DataError('data-unsupported', { path, problem });
}

function kindText(descr: string): string {
  if (descr === '[') return 'a structured array';
  return descr === '|O' ? 'an array of Python objects (pickled)' : `an array of type '${descr}'`;
}

/** An array of which all is known but its elements; `path` names it in errors. */
export interface NpyContext {
  readonly header: NpyHeader;
  readonly layout: NpyLayout;
  readonly path: string;
}

/** Compares the bytes after the header with what its shape takes. @throws DataError `data-malformed` */
export function checkNpyLength(found: number, { header, layout, path }: NpyContext): void {
  const wanted = elementCount(header.shape) * layout.itemBytes;
  if (found === wanted) return;
  const offset = header.dataOffset + Math.min(found, Number.isSafeInteger(wanted) ? wanted : found);
  const problem = `the shape (${header.shape.join(', ')}) of '${header.descr}' takes ${wanted} bytes, ${found} are there`;
  throw new DataError('data-malformed', { path, offset, problem });
}

function swapBytes(bytes: Uint8Array, unitBytes: number): Uint8Array {
  const copy = Buffer.from(bytes);
  if (unitBytes === 2) return copy.swap16();
  if (unitBytes === 4) return copy.swap32();
  return unitBytes === 8 ? copy.swap64() : copy;
}

/** Elements from bytes in row-major order: all of an array, or whole rows of it. @throws DataError `data-malformed` */
export function decodeNpyElements(stored: Uint8Array, { header, layout, path }: NpyContext): TensorElements {
  const bytes = layout.bigEndian ? swapBytes(stored, layout.unitBytes) : stored;
  if (layout.type === 'bool') return new Uint8Array(bytes).map((byte) => (byte === 0 ? 0 : 1));
  if (layout.type !== 'string') {
    const { buffer } = bytes;
    const isWhole = bytes.byteLength === buffer.byteLength && buffer instanceof ArrayBuffer;
    return isWhole ? elementsOver(layout.type, buffer) : elementsFromBytes(layout.type, bytes);
  }
  try {
    return decodeStrings(bytes, layout.itemBytes);
  } catch (cause) {
    const problem = 'a string holds a number that is no Unicode character';
    throw new DataError('data-malformed', { path, offset: header.dataOffset, problem }, { cause });
  }
}

/** numpy pads each string with zero characters to the length of the longest. */
function decodeStrings(bytes: Uint8Array, itemBytes: number): readonly string[] {
  const characters = new Uint32Array(new Uint8Array(bytes).buffer);
  const width = itemBytes / 4;
  return Array.from({ length: characters.length / width }, (_, i) => {
    const item = characters.subarray(i * width, (i + 1) * width);
    let text = '';
    for (const character of item) text += String.fromCodePoint(character);
    return text.replace(/\0+$/, '');
  });
}
