import { byteLengthOf } from '../onnx/data-type.ts';
import { bytesOfElements, type DenseTensor, elementCount, elementsFromBytes } from '../onnx/dense-tensor.ts';

/**
 * Puts rows that lie one after another, `[count, ...rowDims]`, together along an axis of what a model takes: joined there
 * where rows have the model's rank, else stacked. Along the first axis nothing moves.
 */
export function joinRows(rows: DenseTensor, axis: number, rank: number): DenseTensor {
  const { type } = rows;
  const [count = 1, ...rowDims] = rows.dims;
  const isWhole = rowDims.length === rank;
  const length = count * (isWhole ? (rowDims[axis] ?? 1) : 1);
  const dims = isWhole ? rowDims.with(axis, length) : rowDims.toSpliced(axis, 0, length);
  const outer = elementCount(rowDims.slice(0, axis));
  if (outer === 1) return { type, dims, data: rows.data };
  const inner = elementCount(rowDims.slice(axis));
  const order = { count, outer, inner };
  if (type === 'string') return { type, dims, data: moveStrings(rows, order) };
  const bytes = ArrayBuffer.isView(rows.data) ? bytesOfElements(rows.data) : new Uint8Array();
  return {
    type,
    dims,
    data: elementsFromBytes(type, moveBytes(bytes, { ...order, inner: byteLengthOf(type, inner) })),
  };
}

/** `[count, outer, inner]` becomes `[outer, count, inner]`. */
interface Order {
  readonly count: number;
  readonly outer: number;
  readonly inner: number;
}

function moveBytes(source: Uint8Array, { count, outer, inner }: Order): Uint8Array {
  const target = new Uint8Array(source.length);
  for (let row = 0; row < count; row++) {
    for (let part = 0; part < outer; part++) {
      const from = (row * outer + part) * inner;
      target.set(source.subarray(from, from + inner), (part * count + row) * inner);
    }
  }
  return target;
}

function moveStrings({ data }: DenseTensor, { count, outer, inner }: Order): readonly string[] {
  return Array.from({ length: data.length }, (_, at) => {
    const row = Math.floor(at / inner) % count;
    const part = Math.floor(at / (inner * count));
    return String(data[(row * outer + part) * inner + (at % inner)]);
  });
}
