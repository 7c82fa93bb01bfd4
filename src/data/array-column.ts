import { DataError } from '../errors.ts';
import type { DenseTensor } from '../onnx/dense-tensor.ts';
import type { ValueSignature } from '../onnx/signature.ts';
import { elementCount } from '../onnx/dense-tensor.ts';
import { batchAxisOf } from './batch-axis.ts';
import { checkFinite } from './check-finite.ts';
import { checkRow, itemsOf } from './check-row.ts';
import type { DatasetOptions } from './dataset-options.ts';
import { checkType, fitType, type ValueOrigin } from './fit-type.ts';
import { joinRows } from './join-rows.ts';
import { arrayNormalizer, type Normalizer } from './normalize-array.ts';
import type { RecycledBuffers } from './recycled-buffers.ts';
import type { ArrayForm, StoredArray } from './stored-array.ts';
import type { StoredArrays } from './stored-arrays.ts';

const sampleAxis = 'this is the shape of one sample: the first axis of the array counts them';
const oneSample = 'the array is one sample by itself: put an axis of samples in front, in NumPy array[None]';

/** One array of a dataset as a model's input takes it. */
export class ArrayColumn {
  readonly name: string;
  /** Items that each sample holds along the batch axis. */
  readonly items: number;
  /** Along which they are joined; null when the input has no batch axis. */
  readonly axis: number | null;
  readonly #array: StoredArray;
  readonly #input: ValueSignature;
  readonly #normalize: Normalizer | null;
  /** What all samples share; null where they have rows of their own. */
  readonly #shared: DenseTensor | null;

  private constructor(array: StoredArray, input: ValueSignature, { items, axis, normalize, shared }: ColumnParts) {
    this.name = input.name;
    this.items = items;
    this.#array = array;
    this.#input = input;
    this.axis = axis;
    this.#normalize = normalize;
    this.#shared = shared;
  }

  /** @throws DataError `data-type-mismatch`, `data-shape-mismatch` */
  static async open(arrays: StoredArrays, input: ValueSignature, options: DatasetOptions): Promise<ArrayColumn> {
    const array = await arrays.open(input.name, (form) => void itemsOfArray(input, form, options));
    const items = itemsOfArray(input, array, options);
    const axis = batchAxisOf(input, options.batchAxis);
    const { path, type, dims } = array;
    const normalize = type === 'uint8' ? arrayNormalizer(input, dims.slice(1), options) : null;
    const column = { items, axis, normalize, shared: null };
    if (dims.length > 0) return new ArrayColumn(array, input, column);
    const shared = prepare(input, await array.readAll(), { normalize, origin: { path, sampleOf: () => 0 } });
    return new ArrayColumn(array, input, { ...column, shared });
  }

  /** Takes back the memory of what `read` returned. */
  recycle(tensor: DenseTensor, buffers: RecycledBuffers): void {
    if (tensor !== this.#shared) giveBack(tensor, buffers);
  }

  /** Samples; null where one value serves all. */
  get length(): number | null {
    return this.#array.dims[0] ?? null;
  }

  /** Whether its rows have no elements, however many of them there are said to be. */
  get isHollow(): boolean {
    return elementCount(this.#array.dims.slice(1)) === 0;
  }

  /** Rows joined along the batch axis, in memory to be given back. @throws DataError `data-not-finite`, `data-malformed` */
  async read(indices: readonly number[], buffers: RecycledBuffers): Promise<DenseTensor> {
    if (this.#shared !== null) return this.#shared;
    const rows = await this.#array.readRows(indices, buffers);
    const rowSize = Math.max(1, elementCount(rows.dims.slice(1)));
    const sampleOf = (element: number) => indices[Math.floor(element / rowSize)] ?? 0;
    const origin = { path: this.#array.path, sampleOf, buffers };
    const ready = prepare(this.#input, rows, { normalize: this.#normalize, origin });
    if (ready.data !== rows.data) giveBack(rows, buffers);
    if (this.axis !== null) {
      const joined = joinRows(ready, this.axis, this.#input.shape.length);
      if (joined.data !== ready.data) giveBack(ready, buffers);
      return joined;
    }
    if (indices.length === 1) return { ...ready, dims: ready.dims.slice(1) };
    throw new DataError('data-unsupported', {
      path: this.#array.path,
      problem: `batches of '${this.name}', which has no batch axis`,
    });
  }
}

/** Items that each sample of an array holds along the batch axis. @throws DataError where the input does not take it */
function itemsOfArray(input: ValueSignature, { path, type, dims }: ArrayForm, { batchAxis }: DatasetOptions): number {
  checkType(input, type, path);
  const isShared = dims.length === 0;
  if (isShared && batchAxisOf(input, batchAxis) !== null) {
    const details = { path, input: input.name, found: dims, expected: input.shape };
    throw new DataError('data-shape-mismatch', details, { hint: 'it takes a value for each sample' });
  }
  const hint = !isShared && itemsOf(input, dims, batchAxis) !== null ? oneSample : sampleAxis;
  return checkRow(input, dims.slice(1), { path, batchAxis, hint });
}

interface ColumnParts {
  readonly items: number;
  readonly axis: number | null;
  readonly normalize: Normalizer | null;
  readonly shared: DenseTensor | null;
}

interface Preparation {
  readonly normalize: Normalizer | null;
  readonly origin: ValueOrigin & { readonly buffers?: RecycledBuffers };
}

function prepare(input: ValueSignature, tensor: DenseTensor, { normalize, origin }: Preparation): DenseTensor {
  if (normalize !== null) return normalize(tensor);
  checkFinite(input.name, tensor, origin);
  return fitType(input, tensor, origin);
}

/** Only whole buffers are given back: another array may see the rest of a part. */
function giveBack({ data }: DenseTensor, buffers: RecycledBuffers): void {
  if (!ArrayBuffer.isView(data) || !(data.buffer instanceof ArrayBuffer)) return;
  if (data.byteLength === data.buffer.byteLength) buffers.give(data.buffer);
}
