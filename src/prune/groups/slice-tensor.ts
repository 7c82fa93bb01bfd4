import { bitsOf, isPackedType } from '../../onnx/data-type.ts';
import { Tensor, type TensorStorage } from '../../onnx/tensor.ts';
import { packElements, unpackElements } from '../../onnx/tensor-types/packed-elements.ts';

/** Larger results of tensors that lie in a file are cut whenever they are read, and not kept. */
const mostInlineBytes = 16 * 2 ** 20;

/** Shorter rows are copied number by number: a call for each would take longer. */
const fewestAtOnce = 32;

/** A tensor of which one axis keeps only some indices, ascending; of any type. Throws ModelError as reading it does. */
export function sliceTensor(tensor: Tensor, axis: number, kept: Int32Array): Tensor {
  const { type, docString, metadata } = tensor;
  const dims = tensor.dims.with(axis, kept.length);
  const sliced = (storage: TensorStorage) => new Tensor({ type, dims, docString, metadata, storage });
  const rows = rowsOf(tensor, axis);
  if (tensor.storage.kind === 'strings')
    return sliced({ kind: 'strings', values: pick(tensor.storage.values, rows, kept) });
  const late = sliced({ kind: 'derived', produce: () => [slicedBytes(tensor, rows, kept)] });
  if (tensor.storage.kind !== 'inline' && late.byteLength > mostInlineBytes) return late;
  return sliced({ kind: 'inline', bytes: slicedBytes(tensor, rows, kept) });
}

/** A tensor as `blocks` of `length` rows, each of `size` elements. */
interface Rows {
  readonly blocks: number;
  readonly length: number;
  readonly size: number;
}

function rowsOf({ dims, elementCount }: Tensor, axis: number): Rows {
  const length = dims[axis] ?? 1;
  const blocks = dims.slice(0, axis).reduce((product, dim) => product * dim, 1);
  return { blocks, length, size: elementCount / Math.max(1, blocks * length) };
}

function slicedBytes(tensor: Tensor, rows: Rows, kept: Int32Array): Uint8Array {
  const bytes = tensor.bytes();
  const bits = bitsOf(tensor.type);
  if (isPackedType(tensor.type))
    return packElements(keepRows(unpackElements(bytes, bits, tensor.elementCount), rows, kept), bits);
  const size = (rows.size * bits) / 8;
  if (size % 4 !== 0 || bytes.byteOffset % 4 !== 0) return keepRows(bytes, { ...rows, size }, kept);
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
  return new Uint8Array(keepRows(words, { ...rows, size: size / 4 }, kept).buffer);
}

function keepRows<Numbers extends Uint8Array | Uint32Array>(from: Numbers, rows: Rows, kept: Int32Array): Numbers;
function keepRows(from: Uint8Array | Uint32Array, { blocks, length, size }: Rows, kept: Int32Array) {
  const count = blocks * kept.length * size;
  const to = from instanceof Uint32Array ? new Uint32Array(count) : new Uint8Array(count);
  let at = 0;
  for (let block = 0; block < blocks; block++) {
    for (const row of kept) {
      const start = (block * length + row) * size;
      if (size >= fewestAtOnce) to.set(from.subarray(start, start + size), at);
      else for (let index = 0; index < size; index++) to[at + index] = from[start + index] ?? 0;
      at += size;
    }
  }
  return to;
}

function pick<Item>(items: readonly Item[], { blocks, length, size }: Rows, kept: Int32Array): readonly Item[] {
  return Array.from({ length: blocks }, (_, block) => block).flatMap((block) =>
    Array.from(kept).flatMap((row) => items.slice((block * length + row) * size, (block * length + row + 1) * size)),
  );
}
