import type { BlockQuantized } from './block-format.ts';
import { blocksOf } from './block-format.ts';
import type { BlockSlot, FitBlock } from './block-slot.ts';
import { blockSlot } from './block-slot.ts';
import type { GramFactor } from '../../stats/gram-factor.ts';
import { storeBlock } from './quantize-blocks.ts';
import { rowProducts } from '../../stats/row-products.ts';
import type { ColumnPanel } from './weight-matrix.ts';

/** Columns of a weight that GPTQ goes through, and the errors made so far. */
export class CompensatedRows {
  readonly #panel: ColumnPanel;
  readonly #factor: GramFactor;
  readonly #blocks: BlockQuantized;
  /** `[count, K]`: weight less its rounded self, up to where we are. */
  readonly #errors: Float64Array;
  /** `[count, blockSize]`: what the errors before the block bring to its components of L e. */
  readonly #inherited: Float64Array;
  /** The block's weights as they should be if none of them was rounded. */
  readonly #wanted: Float32Array;
  readonly #slot: BlockSlot;
  /** Squares of L's diagonal: what a squared error costs at each place. */
  readonly #importance: Float64Array;

  constructor(panel: ColumnPanel, factor: GramFactor, blocks: BlockQuantized) {
    this.#panel = panel;
    this.#factor = factor;
    this.#blocks = blocks;
    this.#errors = new Float64Array(panel.count * factor.k);
    this.#inherited = new Float64Array(panel.count * blocks.blockSize);
    this.#wanted = new Float32Array(blocks.blockSize);
    this.#slot = blockSlot(blocks.bits, this.#wanted);
    this.#importance = Float64Array.from({ length: factor.k }, (_, i) => (factor.lower[i * (factor.k + 1)] ?? 0) ** 2);
  }

  /** Quantizes the block from `column` on in every row. Blocks come in order. */
  quantize(column: number, fit: FitBlock): void {
    const { k, lower } = this.#factor;
    const { blockSize } = this.#blocks;
    const width = Math.min(blockSize, k - column);
    rowProducts({
      left: { data: this.#errors, start: 0, stride: k, count: this.#panel.count },
      right: { data: lower, start: column * k, stride: k, count: width },
      length: column,
      out: this.#inherited,
    });
    const slot = this.#slot;
    slot.column = column;
    slot.end = width;
    slot.importance = this.#importance;
    const perColumn = blocksOf(k, blockSize);
    for (let row = 0; row < this.#panel.count; row++) {
      this.#compensate(row);
      fit(slot);
      const block = row * perColumn + column / blockSize;
      storeBlock(slot, this.#blocks, block);
      this.#round(row, block * blockSize);
    }
  }

  /** Weights that would make the components of L e zero. */
  #compensate(row: number): void {
    const { rows, offset } = this.#panel;
    const { column, end: width } = this.#slot;
    const first = row * this.#factor.k + column;
    for (let i = 0; i < width; i++) {
      const change = this.#changeAt(row, i);
      // Not rounding leaves the error that the change is: -change. Overwritten when the weight is rounded.
      this.#errors[first + i] = -change;
      this.#wanted[i] = (rows[offset + first + i] ?? 0) + change;
    }
  }

  #round(row: number, at: number): void {
    const { rows, offset } = this.#panel;
    const { column, end: width, scale, zeroPoint, most } = this.#slot;
    const first = row * this.#factor.k + column;
    const reciprocal = scale === 0 ? 0 : 1 / scale;
    for (let i = 0; i < width; i++) {
      const weight = rows[offset + first + i] ?? 0;
      const x = (weight + this.#changeAt(row, i)) * reciprocal + zeroPoint;
      const q = x <= 0 ? 0 : x >= most ? most : Math.floor(x + 0.5);
      this.#blocks.q[at + i] = q;
      this.#errors[first + i] = weight - Math.fround((q - zeroPoint) * scale);
    }
  }

  /** What makes good the errors before the block's i-th weight, as far as it can. */
  #changeAt(row: number, i: number): number {
    const { k, lower } = this.#factor;
    const { column, end: width } = this.#slot;
    const line = (column + i) * k + column;
    const errors = row * k + column;
    let sum = this.#inherited[row * width + i] ?? 0;
    for (let j = 0; j < i; j++) sum += (lower[line + j] ?? 0) * (this.#errors[errors + j] ?? 0);
    return sum / (lower[line + i] ?? 1);
  }
}
