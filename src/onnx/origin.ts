/** Bytes that can be read at any place: an open file. Implemented in onnx/file. */
export interface ByteSource {
  readonly path: string;
  readonly sizeBytes: number;
  /** A copy of `length` bytes. Throws ModelError when the file is shorter by now or was closed. */
  read(offset: number, length: number): Uint8Array;
  /** As {@link read}, into memory that is there already. */
  fill(offset: number, target: Uint8Array): void;
}

/**
 * Where a part of a model was read from: the content of its protobuf message, without tag and length. As long as a
 * part keeps its origin it is copied byte for byte when saved; whatever changes the part takes the origin away.
 */
export interface Origin {
  readonly source: ByteSource;
  /** Bytes from the start of the file. */
  readonly offset: number;
  readonly length: number;
}
