import type { DataType } from '../onnx/data-type.ts';
import { type DenseTensor, elementCount } from '../onnx/dense-tensor.ts';
import { type ByteRange, partOf } from './byte-range.ts';
import { checkNpyLength, decodeNpyElements, type NpyContext, npyLayout } from './npy.ts';
import { readNpyHeader } from './npy-header.ts';
import type { RecycledBuffers } from './recycled-buffers.ts';
import { spillRowMajor } from './row-major-spill.ts';
import type { ScratchFiles } from './scratch-files.ts';

/** More than any header that is read is long. */
const headBytes = 2 ** 16;

/** What an array is, before any of it is read. */
export interface ArrayForm {
  /** Names it in errors. */
  readonly path: string;
  readonly type: DataType;
  readonly dims: readonly number[];
}

export interface OpeningArray {
  /** Names the array in errors. */
  readonly path: string;
  readonly scratch: ScratchFiles;
  /** Looks at the array before it is unpacked or turned around: throws to stop. */
  readonly accept?: ((form: ArrayForm) => void) | undefined;
}

/** An array that stays where it is stored; rows of it, along its first axis, are read when asked for. */
export class StoredArray {
  readonly #context: NpyContext;
  /** The elements, in row-major order. */
  readonly #elements: ByteRange;

  private constructor(context: NpyContext, elements: ByteRange) {
    this.#context = context;
    this.#elements = elements;
  }

  /**
   * Opens the array of an `.npy` file's bytes. Fortran order is turned around into a scratch file first.
   * @throws DataError `data-malformed`, `data-unsupported`
   */
  static async open(file: ByteRange, opening: OpeningArray): Promise<StoredArray> {
    const { scratch } = opening;
    const head = new Uint8Array(Math.min(headBytes, file.sizeBytes));
    await file.readInto(head, 0);
    const context = checkArray(head, file.sizeBytes, opening);
    const { header, layout } = context;
    const { dataOffset, shape, fortranOrder } = header;
    const elements = partOf(file, dataOffset, file.sizeBytes - dataOffset);
    const isTurned = fortranOrder && shape.length > 1;
    const array = { dims: shape, itemBytes: layout.itemBytes };
    return new StoredArray(context, isTurned ? await spillRowMajor(elements, array, scratch) : elements);
  }

  get path(): string {
    return this.#context.path;
  }

  get type(): DataType {
    return this.#context.layout.type;
  }

  get dims(): readonly number[] {
    return this.#context.header.shape;
  }

  /** All of it: for single numbers. */
  async readAll(): Promise<DenseTensor> {
    const bytes = new Uint8Array(this.#elements.sizeBytes);
    await this.#elements.readInto(bytes, 0);
    return { type: this.type, dims: this.dims, data: decodeNpyElements(bytes, this.#context) };
  }

  /**
   * Rows one after another, `[indices.length, ...dims.slice(1)]`; those that follow one another are one read. They lie in
   * memory of `buffers`.
   */
  async readRows(indices: readonly number[], buffers?: RecycledBuffers): Promise<DenseTensor> {
    const rowDims = this.dims.slice(1);
    const rowBytes = elementCount(rowDims) * this.#context.layout.itemBytes;
    const byteLength = indices.length * rowBytes;
    const bytes = new Uint8Array(buffers?.take(byteLength) ?? new ArrayBuffer(byteLength));
    for (let start = 0; start < indices.length;) {
      const first = indices[start] ?? 0;
      let end = start + 1;
      while (end < indices.length && indices[end] === first + end - start) end++;
      await this.#elements.readInto(bytes.subarray(start * rowBytes, end * rowBytes), first * rowBytes);
      start = end;
    }
    return { type: this.type, dims: [indices.length, ...rowDims], data: decodeNpyElements(bytes, this.#context) };
  }
}

/**
 * What the beginning of an `.npy` file says, whose length must be the one that follows from it.
 * @throws DataError `data-malformed`, `data-unsupported`, and as `accept` does
 */
export function checkArray(
  head: Uint8Array,
  sizeBytes: number,
  { path, accept }: Pick<OpeningArray, 'path' | 'accept'>,
): NpyContext {
  const header = readNpyHeader(head, path);
  const context = { header, layout: npyLayout(header.descr, path), path };
  checkNpyLength(sizeBytes - header.dataOffset, context);
  accept?.({ path, type: context.layout.type, dims: header.shape });
  return context;
}
