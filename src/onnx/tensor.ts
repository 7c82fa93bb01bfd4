import type { DataType } from './data-type.ts';
import { byteLengthOf } from './data-type.ts';
import type { DenseTensor } from './dense-tensor.ts';
import { bytesOfElements, elementCount, elementsFromBytes } from './dense-tensor.ts';
import type { MetadataEntry } from './metadata.ts';
import type { Origin } from './origin.ts';

/** Elements that stay in a file until they are needed. */
export interface StoredElements {
  /** The elements as raw little-endian bytes, read from the file. Throws ModelError when they are not there. */
  load(): Uint8Array;
}

/** Where a tensor's elements are. Bytes are raw: little-endian, row-major, sub-byte types packed. */
export type TensorStorage =
  | { readonly kind: 'inline'; readonly bytes: Uint8Array }
  | { readonly kind: 'strings'; readonly values: readonly Uint8Array[] }
  /** In the model's file or in one beside it. `file` is opaque here: onnx/file knows how to copy it. */
  | { readonly kind: 'stored'; readonly elements: StoredElements }
  /** Computed while saving, so that a result larger than memory can be written. Yields `byteLength` bytes in all. */
  | { readonly kind: 'derived'; readonly produce: () => Iterable<Uint8Array> };

export interface TensorOptions {
  readonly type: DataType;
  /** Axis lengths; `[]` is a scalar. */
  readonly dims: readonly number[];
  readonly storage: TensorStorage;
  readonly docString?: string;
  readonly metadata?: readonly MetadataEntry[];
  readonly unknownFields?: Uint8Array | null;
  /** Name inside the file, for tensors that are no initializers. */
  readonly name?: string;
  readonly origin?: Origin | null;
}

/** A constant: type and shape in memory, elements where `storage` says. Never changes; edits replace it. */
export class Tensor {
  readonly kind = 'dense';
  readonly type: DataType;
  readonly dims: readonly number[];
  readonly storage: TensorStorage;
  readonly docString: string;
  readonly metadata: readonly MetadataEntry[];
  /** Fields of a newer schema, as they were. */
  readonly unknownFields: Uint8Array | null;
  readonly name: string;
  /** The message it was read from, to be copied when it is saved unchanged. */
  readonly origin: Origin | null;

  constructor(options: TensorOptions) {
    this.type = options.type;
    this.dims = options.dims;
    this.storage = options.storage;
    this.docString = options.docString ?? '';
    this.metadata = options.metadata ?? [];
    this.unknownFields = options.unknownFields ?? null;
    this.name = options.name ?? '';
    this.origin = options.origin ?? null;
  }

  /** A tensor of elements in memory; the elements are not copied. */
  static fromDense({ type, dims, data }: DenseTensor): Tensor {
    return new Tensor({ type, dims, storage: storageOf(data) });
  }

  get elementCount(): number {
    return elementCount(this.dims);
  }

  /** Bytes of the elements in raw form, as type and shape say; a string tensor counts its characters' bytes. */
  get byteLength(): number {
    if (this.storage.kind !== 'strings') return byteLengthOf(this.type, this.elementCount);
    return this.storage.values.reduce((sum, value) => sum + value.length, 0);
  }

  /**
   * The elements as raw little-endian bytes; loads them when they are stored, on every call. Throws ModelError when
   * the file does not hold them, RangeError for strings.
   */
  bytes(): Uint8Array {
    switch (this.storage.kind) {
      case 'inline':
        return this.storage.bytes;
      case 'stored':
        return this.storage.elements.load();
      case 'derived':
        return Buffer.concat([...this.storage.produce()]);
      case 'strings':
        throw new RangeError('strings have no raw bytes');
    }
  }

  /** The elements in memory, loaded when they are stored. Throws ModelError when the file does not hold them. */
  toDense(): DenseTensor {
    const { type, dims } = this;
    if (this.storage.kind === 'strings') return { type, dims, data: this.storage.values.map(textOf) };
    if (type === 'string') return { type, dims, data: [] };
    return { type, dims, data: elementsFromBytes(type, this.bytes()) };
  }
}

function storageOf(data: DenseTensor['data']): TensorStorage {
  if (isStrings(data)) return { kind: 'strings', values: data.map((text) => Buffer.from(text)) };
  return { kind: 'inline', bytes: bytesOfElements(data) };
}

function isStrings(data: DenseTensor['data']): data is readonly string[] {
  return Array.isArray(data);
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}

/** Values at given places of a tensor that is zero elsewhere, as ONNX stores it. */
export class SparseTensor {
  readonly kind = 'sparse';
  /** Shape of the whole tensor. */
  readonly dims: readonly number[];
  /** The stored elements, `[n]`. */
  readonly values: Tensor;
  /** Where they are: int64, `[n]` linear indices or `[n, rank]` coordinates. */
  readonly indices: Tensor;
  readonly origin: Origin | null;

  constructor(options: {
    readonly dims: readonly number[];
    readonly values: Tensor;
    readonly indices: Tensor;
    readonly origin?: Origin | null;
  }) {
    this.dims = options.dims;
    this.values = options.values;
    this.indices = options.indices;
    this.origin = options.origin ?? null;
  }

  get type(): DataType {
    return this.values.type;
  }

  get elementCount(): number {
    return elementCount(this.dims);
  }

  get byteLength(): number {
    return this.values.byteLength + this.indices.byteLength;
  }
}
