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
import type { StoredArray } from './stored-array.ts';

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
  static async open(array: StoredArray, input: ValueSignature, options: DatasetOptions): Promise<ArrayColumn> {
    const { batchAxis } = options;
    const { path } = array;
    checkType(input, array.type, path);
    const isShared = array.dims.length === 0;
    const rowDims = array.dims.slice(1);
    const hint = !isShared && itemsOf(input, array.dims, batchAxis) !== null ? oneSample : sampleAxis;
    const axis = batchAxisOf(input, batchAxis);
    if (isShared && axis !== null) {
      const details = { path, input: input.name, found: array.dims, expected: input.shape };
      throw new DataError('data-shape-mismatch', details, { hint: 'it takes a value for each sample' });
    }
    const items = checkRow(input, rowDims, { path, batchAxis, hint });
    const normalize = array.type === 'uint8' ? arrayNormalizer(input, rowDims, options) : null;
    const column = { items, axis, normalize, shared: null };
    if (!isShared) return new ArrayColumn(array, input, column);
    const shared = prepare(input, await array.readAll(), { normalize, origin: { path, sampleOf: () => 0 } });
    return new ArrayColumn(array, input, { ...column, shared });
  }

  /** Samples; null where one value serves all. */
  get length(): number | null {
    return this.#array.dims[0] ?? null;
  }

  /** Rows joined along the batch axis. @throws DataError `data-not-finite`, `data-malformed` */
  async read(indices: readonly number[]): Promise<DenseTensor> {
    if (this.#shared !== null) return this.#shared;
    const rows = await this.#array.readRows(indices);
    const rowSize = Math.max(1, elementCount(rows.dims.slice(1)));
    const sampleOf = (element: number) => indices[Math.floor(element / rowSize)] ?? 0;
    const origin = { path: this.#array.path, sampleOf };
    const ready = prepare(this.#input, rows, { normalize: this.#normalize, origin });
    if (this.axis !== null) return joinRows(ready, this.axis, this.#input.shape.length);
    if (indices.length === 1) return { ...ready, dims: ready.dims.slice(1) };
    throw new DataError('data-unsupported', {
      path: this.#array.path,
      problem: `batches of '${this.name}', which has no batch axis`,
    });
  }
}

interface ColumnParts {
  readonly items: number;
  readonly axis: number | null;
  readonly normalize: Normalizer | null;
  readonly shared: DenseTensor | null;
}

interface Preparation {
  readonly normalize: Normalizer | null;
  readonly origin: ValueOrigin;
}

function prepare(input: ValueSignature, tensor: DenseTensor, { normalize, origin }: Preparation): DenseTensor {
  if (normalize !== null) return normalize(tensor);
  checkFinite(input.name, tensor, origin);
  return fitType(input, tensor, origin);
}
