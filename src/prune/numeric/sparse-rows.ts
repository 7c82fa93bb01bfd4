import type { GramFactor } from '../../stats/gram-factor.ts';
import { rowProducts } from '../../stats/row-products.ts';
import { lowest, markLowestFew } from './lowest.ts';

/** Rows of a weight that SparseGPT goes through block after block of columns, and the errors made so far. */
export class SparseRows {
  /** `[count, K]`, as they were; block after block as they become. */
  readonly weights: Float32Array;
  readonly count: number;
  readonly #k: number;
  readonly #lower: Float64Array;
  /** `[count, K]`: weight as it was less what it has become. */
  readonly #errors: Float64Array;
  /** `[count, width]`: what the errors before the block bring to its components of L e. */
  #inherited = new Float64Array();
  #from = 0;
  #width = 0;

  /** Takes the weights over. */
  constructor(weights: Float32Array, { k, lower }: GramFactor) {
    this.weights = weights;
    this.count = weights.length / k;
    this.#k = k;
    this.#lower = lower;
    this.#errors = new Float64Array(weights.length);
  }

  /** Goes to the columns from `from` to `end`. Blocks come in order. */
  open(from: number, end: number): void {
    this.#from = from;
    this.#width = end - from;
    this.#inherited = new Float64Array(this.count * this.#width);
    rowProducts({
      left: { data: this.#errors, start: 0, stride: this.#k, count: this.count },
      right: { data: this.#lower, start: from * this.#k, stride: this.#k, count: this.#width },
      length: from,
      out: this.#inherited,
    });
  }

  /** Zeroes those `gone` weights of the block that cost least, all rows together. */
  finishShare(gone: number): void {
    const width = this.#width;
    const costs = new Float64Array(this.count * width);
    for (let row = 0; row < this.count; row++)
      for (let i = 0; i < width; i++) costs[row * width + i] = this.#cost(i, this.#keep(row, i));
    const isRemoved = lowest(costs, gone);
    for (let row = 0; row < this.count; row++)
      for (let i = 0; i < width; i++) this.#settle(row, i, isRemoved[row * width + i] === 1);
  }

  /** Zeroes all but `keep` weights of each `of` neighbors, with the block's errors before them in view. */
  finishPattern({ keep, of }: { readonly keep: number; readonly of: number }): void {
    const costs = new Float64Array(of);
    const isRemoved = new Uint8Array(of);
    for (let row = 0; row < this.count; row++) {
      for (let first = 0; first < this.#width; first += of) {
        for (let i = 0; i < of; i++) costs[i] = this.#cost(first + i, this.#keep(row, first + i));
        markLowestFew(costs, of - keep, isRemoved);
        for (let i = 0; i < of; i++) this.#settle(row, first + i, isRemoved[i] === 1);
      }
    }
  }

  /** What the error grows by when a weight is gone that would be `weight` otherwise. */
  #cost(i: number, weight: number): number {
    const column = this.#from + i;
    return (weight * (this.#lower[column * this.#k + column] ?? 0)) ** 2;
  }

  /** The block's i-th weight that makes its component of L e 0, and the error that this is. */
  #keep(row: number, i: number): number {
    const at = row * this.#k + this.#from + i;
    const change = this.#changeAt(row, i);
    this.#errors[at] = -change;
    return (this.weights[at] ?? 0) + change;
  }

  #settle(row: number, i: number, isRemoved: boolean): void {
    const at = row * this.#k + this.#from + i;
    const weight = this.weights[at] ?? 0;
    const kept = isRemoved ? 0 : Math.fround(weight + this.#changeAt(row, i));
    this.#errors[at] = weight - kept;
    this.weights[at] = kept;
  }

  #changeAt(row: number, i: number): number {
    const line = (this.#from + i) * this.#k + this.#from;
    const errors = row * this.#k + this.#from;
    let sum = this.#inherited[row * this.#width + i] ?? 0;
    for (let j = 0; j < i; j++) sum += (this.#lower[line + j] ?? 0) * (this.#errors[errors + j] ?? 0);
    return sum / (this.#lower[line + i] ?? 1);
  }
}
