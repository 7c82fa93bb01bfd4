import { byteLengthOf } from '../onnx/data-type.ts';
import { type DenseTensor, elementCount, elementsFromBytes } from '../onnx/dense-tensor.ts';

/** Joins tensors along an axis. They must agree in type and in every other axis, and not be packed in bytes. */
export function concatTensors(tensors: readonly [DenseTensor, ...DenseTensor[]], axis: number): DenseTensor {
  const [first] = tensors;
  if (tensors.length === 1) return first;
  const { type } = first;
  const total = tensors.reduce((sum, { dims }) => sum + (dims[axis] ?? 0), 0);
  const dims = first.dims.with(axis, total);
  const outer = elementCount(first.dims.slice(0, axis));
  if (type === 'string') {
    const strings = tensors.map(({ data }) => Array.from(data, String));
    const rows = Array.from({ length: outer }, (_, row) => strings.flatMap((texts) => chunk(texts, row, outer)));
    return { type, dims, data: rows.flat() };
  }
  const bytes = new Uint8Array(byteLengthOf(type, elementCount(dims)));
  const sources = tensors.map(({ data }) => (ArrayBuffer.isView(data) ? bytesOf(data) : new Uint8Array()));
  let at = 0;
  for (let row = 0; row < outer; row++) {
    for (const source of sources) {
      const size = source.length / outer;
      bytes.set(source.subarray(row * size, (row + 1) * size), at);
      at += size;
    }
  }
  return { type, dims, data: elementsFromBytes(type, bytes) };
}

function chunk(texts: readonly string[], row: number, rows: number): readonly string[] {
  const size = texts.length / rows;
  return texts.slice(row * size, (row + 1) * size);
}

function bytesOf(view: ArrayBufferView): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}
