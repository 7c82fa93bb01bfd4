import { Tensor } from '../../onnx/tensor.ts';
import type { BlockBits, BlockQuantized } from './block-format.ts';
import { blocksOf } from './block-format.ts';
import type { BlockTensors } from './block-tensors.ts';
import { blockTensors } from './block-tensors.ts';

/** Quantized blocks as the tensors of MatMulNBits and GatherBlockQuantized. */
export function packBlocks(blocks: BlockQuantized): BlockTensors {
  const zeroPoints = packZeroPoints(blocks);
  return blockTensors(blocks, {
    b: { kind: 'inline', bytes: packValues(blocks.q, blocks.bits) },
    scales: Tensor.fromDense({ type: 'float32', dims: [], data: blocks.scales }).storage,
    zeroPoints: zeroPoints && { kind: 'inline', bytes: zeroPoints },
  });
}

/** Integers as bytes; of 4 bits two in each, the first one low. An even number of them, as blocks are. */
export function packValues(values: Uint8Array, bits: BlockBits): Uint8Array {
  if (bits === 8) return values;
  const packed = new Uint8Array(values.length / 2);
  for (let i = 0; i < packed.length; i++) packed[i] = (values[2 * i] ?? 0) | ((values[2 * i + 1] ?? 0) << 4);
  return packed;
}

/** Zero points `[N, ceil(kb * bits / 8)]`: packed along a column's blocks, every column from a byte of its own on. */
export function packZeroPoints({ bits, blockSize, k, n, zeroPoints }: BlockQuantized): Uint8Array | null {
  if (zeroPoints === null || bits === 8) return zeroPoints;
  const perColumn = blocksOf(k, blockSize);
  const bytes = Math.ceil(perColumn / 2);
  const packed = new Uint8Array(n * bytes);
  for (let column = 0; column < n; column++) {
    for (let block = 0; block < perColumn; block++) {
      const at = column * bytes + (block >> 1);
      packed[at] = (packed[at] ?? 0) | ((zeroPoints[column * perColumn + block] ?? 0) << (4 * (block % 2)));
    }
  }
  return packed;
}
