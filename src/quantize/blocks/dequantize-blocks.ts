import type { BlockQuantized } from './block-format.ts';
import { blocksOf, middleOf } from './block-format.ts';

/** The real weights `[K, N]` that the integers stand for, as onnxruntime computes them: `(q - zeroPoint) * scale` in float32. */
export function dequantizeBlocks(blocks: BlockQuantized): Float32Array {
  const { k, n } = blocks;
  const rows = dequantizeRows(blocks);
  const weight = new Float32Array(k * n);
  for (let column = 0; column < n; column++)
    for (let row = 0; row < k; row++) weight[row * n + column] = rows[column * k + row] ?? 0;
  return weight;
}

/** The same column by column: `[N, K]`. */
export function dequantizeRows({ bits, blockSize, k, n, q, scales, zeroPoints }: BlockQuantized): Float32Array {
  const rows = new Float32Array(n * k);
  const perColumn = blocksOf(k, blockSize);
  const middle = middleOf(bits);
  for (let block = 0; block < n * perColumn; block++) {
    const scale = scales[block] ?? 0;
    const zeroPoint = zeroPoints === null ? middle : (zeroPoints[block] ?? 0);
    const first = (block % perColumn) * blockSize;
    const target = Math.floor(block / perColumn) * k + first;
    const length = Math.min(blockSize, k - first);
    for (let i = 0; i < length; i++) rows[target + i] = ((q[block * blockSize + i] ?? 0) - zeroPoint) * scale;
  }
  return rows;
}
