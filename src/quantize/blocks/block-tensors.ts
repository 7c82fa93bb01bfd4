import type { TensorStorage } from '../../onnx/tensor.ts';
import { Tensor } from '../../onnx/tensor.ts';
import type { BlockBits, BlockSize } from './block-format.ts';
import { blocksOf } from './block-format.ts';

/** What the tensors' shapes follow from. */
export interface BlockShape {
  readonly bits: BlockBits;
  readonly blockSize: BlockSize;
  readonly k: number;
  readonly n: number;
}

/**
 * A quantized weight `[K, N]` as constants for the graph (onnxruntime, docs/ContribOperators.md). Whoever is rewritten
 * with the same object shares its initializers.
 */
export interface BlockTensors extends BlockShape {
  /** uint8 `[N, kb, blockSize * bits / 8]`: B of MatMulNBits. */
  readonly b: Tensor;
  /** uint8 `[N, K * bits / 8]`: GatherBlockQuantized's data; B's own bytes where K has whole blocks. Null for half bytes. */
  readonly rows: Tensor | null;
  /** float32 `[N, kb]`. */
  readonly scales: Tensor;
  /** uint8 `[N, ceil(kb * bits / 8)]`; null where symmetric. */
  readonly zeroPoints: Tensor | null;
}

interface BlockStorages {
  readonly b: TensorStorage;
  readonly scales: TensorStorage;
  readonly zeroPoints: TensorStorage | null;
}

/** The tensors over storages of the right length. */
export function blockTensors(shape: BlockShape, { b, scales, zeroPoints }: BlockStorages): BlockTensors {
  const { bits, blockSize, k, n } = shape;
  const perColumn = blocksOf(k, blockSize);
  const zeroPointBytes = Math.ceil((perColumn * bits) / 8);
  const data = new Tensor({ type: 'uint8', dims: [n, perColumn, (blockSize * bits) / 8], storage: b });
  return {
    bits,
    blockSize,
    k,
    n,
    b: data,
    rows: rowsOf(data, shape),
    scales: new Tensor({ type: 'float32', dims: [n, perColumn], storage: scales }),
    zeroPoints: zeroPoints && new Tensor({ type: 'uint8', dims: [n, zeroPointBytes], storage: zeroPoints }),
  };
}

function rowsOf(b: Tensor, { bits, blockSize, k, n }: BlockShape): Tensor | null {
  const bytes = (k * bits) / 8;
  if (!Number.isInteger(bytes)) return null;
  const dims = [n, bytes];
  if (k % blockSize === 0) return new Tensor({ type: 'uint8', dims, storage: b.storage });
  return new Tensor({ type: 'uint8', dims, storage: { kind: 'derived', produce: () => [withoutPadding(b, dims)] } });
}

function withoutPadding(b: Tensor, [n = 0, bytes = 0]: readonly number[]): Uint8Array {
  const padded = b.bytes();
  const stride = padded.length / n;
  const rows = new Uint8Array(n * bytes);
  for (let row = 0; row < n; row++) rows.set(padded.subarray(row * stride, row * stride + bytes), row * bytes);
  return rows;
}
