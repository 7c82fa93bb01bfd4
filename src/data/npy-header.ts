import { DataError } from '../errors.ts';

/** The header of an `.npy` file, as its specification (NumPy's `numpy/lib/format.py`) lays it out. */
export interface NpyHeader {
  /** numpy's type string, such as `<f4`. */
  readonly descr: string;
  readonly fortranOrder: boolean;
  readonly shape: readonly number[];
  /** Where the elements begin, in bytes. */
  readonly dataOffset: number;
}

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
/** NPY_MAXDIMS of NumPy 2. */
const maxRank = 64;

/** Reads the header of versions 1.0, 2.0 and 3.0. @throws DataError `data-malformed` or `data-unsupported`. */
export function readNpyHeader(bytes: Uint8Array, path: string): NpyHeader {
  const malformed = (offset: number, problem: string) => new DataError('data-malformed', { path, offset, problem });
  const wrong = magic.findIndex((byte, i) => bytes[i] !== byte);
  if (wrong !== -1) throw malformed(wrong, 'not an .npy file: it does not begin with \\x93NUMPY');
  const version = bytes[6] ?? 0;
  if (bytes.length >= 8 && (version < 1 || version > 3)) {
    throw new DataError('data-unsupported', { path, problem: `.npy version ${version}; 1, 2 and 3 are read` });
  }
  const textOffset = version === 1 ? 10 : 12;
  if (bytes.length < textOffset) throw malformed(bytes.length, 'the file ends in its header');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  const dataOffset = textOffset + length;
  if (dataOffset > bytes.length)
    throw malformed(bytes.length, `the header should be ${length} bytes long, the file ends`);
  const text = new TextDecoder(version === 3 ? 'utf-8' : 'latin1').decode(bytes.subarray(textOffset, dataOffset));
  try {
    return { ...parseDictionary(text), dataOffset };
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw malformed(textOffset, cause.message);
  }
}

/** The literal Python dictionary `{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }`. */
function parseDictionary(text: string): Omit<NpyHeader, 'dataOffset'> {
  const fortran = /['"]fortran_order['"]\s*:\s*(True|False)/.exec(text)?.[1];
  if (fortran === undefined) throw new SyntaxError("the header has no 'fortran_order'");
  return { descr: parseDescr(text), fortranOrder: fortran === 'True', shape: parseShape(text) };
}

function parseDescr(text: string): string {
  const match = /['"]descr['"]\s*:\s*(?:'([^']*)'|"([^"]*)"|(\[))/.exec(text);
  const descr = match?.[1] ?? match?.[2] ?? match?.[3];
  if (descr === undefined) throw new SyntaxError("the header has no 'descr'");
  return descr;
}

function parseShape(text: string): readonly number[] {
  const inside = /['"]shape['"]\s*:\s*\(([^)]*)\)/.exec(text)?.[1];
  if (inside === undefined) throw new SyntaxError("the header has no 'shape'");
  const axes = inside.split(',').map((axis) => axis.trim());
  // A tuple of one is written `(3,)`, so what follows the last comma may be empty.
  if (axes.at(-1) === '') axes.pop();
  if (axes.length > maxRank) throw new SyntaxError(`the shape has more than ${maxRank} axes`);
  return axes.map((axis) => {
    // Python 2 wrote long integers as `3L`.
    const digits = /^(\d{1,15})L?$/.exec(axis)?.[1];
    if (digits === undefined) throw new SyntaxError(`the shape (${inside.slice(0, 100)}) is not possible`);
    return Number(digits);
  });
}
