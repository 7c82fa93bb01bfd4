import type { BlockFormat, BlockQuantized } from './block-format.ts';
import { blocksOf, emptyBlocks, middleOf } from './block-format.ts';
import type { BlockSlot, FitBlock } from './block-slot.ts';
import { blockSlot, encodeBlock } from './block-slot.ts';
import type { BlockMethod } from './fits.ts';
import { fitOf } from './fits.ts';
import type { ColumnPanel, WeightMatrix } from './weight-matrix.ts';
import { columnPanels } from './weight-matrix.ts';

export interface BlockSettings extends BlockFormat {
  readonly method: BlockMethod;
}

/** Quantized columns `from … from + blocks.n - 1` of a weight. */
export interface QuantizedPanel {
  readonly from: number;
  readonly blocks: BlockQuantized;
}

/**
 * A weight `[K, N]` in integers, every block for itself. Throws RangeError for symmetric k-quant and for weights that
 * are not finite.
 */
export function quantizeBlocks(matrix: WeightMatrix, settings: BlockSettings): BlockQuantized {
  return gatherPanels(quantizedPanels(matrix, { format: settings, fit: fitOf(settings.method, settings.symmetric) }), {
    format: settings,
    matrix,
  });
}

/** Panel by panel, for who cannot hold all of it. */
export function* quantizedPanels(
  matrix: WeightMatrix,
  { format, fit }: { readonly format: BlockFormat; readonly fit: FitBlock },
): Generator<QuantizedPanel, void, undefined> {
  for (const panel of columnPanels(matrix)) {
    const blocks = emptyBlocks(format, { k: matrix.k, n: panel.count });
    quantizePanel(panel, blocks, fit);
    yield { from: panel.from, blocks };
  }
}

/** Puts panels together. */
export function gatherPanels(
  panels: Iterable<QuantizedPanel>,
  { format, matrix }: { readonly format: BlockFormat; readonly matrix: WeightMatrix },
): BlockQuantized {
  const all = emptyBlocks(format, matrix);
  const perColumn = blocksOf(matrix.k, format.blockSize);
  for (const { from, blocks } of panels) {
    all.q.set(blocks.q, from * perColumn * format.blockSize);
    all.scales.set(blocks.scales, from * perColumn);
    if (blocks.zeroPoints !== null) all.zeroPoints?.set(blocks.zeroPoints, from * perColumn);
  }
  return all;
}

function quantizePanel({ rows, offset, count }: ColumnPanel, blocks: BlockQuantized, fit: FitBlock): void {
  const { k, blockSize } = blocks;
  const slot = blockSlot(blocks.bits, rows);
  let block = 0;
  for (let row = 0; row < count; row++) {
    for (let column = 0; column < k; column += blockSize) {
      slot.column = column;
      slot.start = offset + row * k + column;
      slot.end = slot.start + Math.min(blockSize, k - column);
      fit(slot);
      storeBlock(slot, blocks, block);
      encodeBlock(slot, blocks.q, block * blockSize);
      block++;
    }
  }
}

/** Writes a block's scale and zero point, and its padding. Throws RangeError when the scale is not finite. */
export function storeBlock(slot: BlockSlot, blocks: BlockQuantized, block: number): void {
  const { scale, zeroPoint } = slot;
  if (!Number.isFinite(scale)) throw new RangeError('a weight is not finite');
  blocks.scales[block] = scale;
  if (blocks.zeroPoints !== null) blocks.zeroPoints[block] = zeroPoint;
  const length = slot.end - slot.start;
  const at = block * blocks.blockSize;
  if (length < blocks.blockSize)
    blocks.q.fill(blocks.zeroPoints === null ? middleOf(blocks.bits) : zeroPoint, at + length, at + blocks.blockSize);
}
