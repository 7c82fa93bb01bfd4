import type { DenseTensor } from '../../onnx/dense-tensor.ts';
import type { NotFinite } from '../calibration/statistics.ts';
import type { LayerProduct } from './layer-product.ts';
import { unshift } from './unshift-sums.ts';

/**
 * What least squares need to know of a layer z = x W + b: sums over rows x of what it reads in one model and rows z of
 * what it makes in another. Nothing is subtracted and the bias is in z as the node has it (Gemm: with alpha and beta).
 */
export interface LayerSums {
  /** Name of the node. */
  readonly node: string;
  /** Rows over all runs, above 0. */
  readonly rows: number;
  /** Products that know nothing of each other, one a group of a grouped convolution; else 1. */
  readonly groups: number;
  /** Length n of x in one group; of a convolution in the order of its weight: channel, then places of the kernel. */
  readonly columns: number;
  /** Length m of z in one group. Group after group they are the (kept) output channels. */
  readonly outputs: number;
  /** Sum of x xᵀ, [groups, n, n]. */
  readonly gram: Float64Array;
  /** Sum of x zᵀ, [groups, n, m]. */
  readonly cross: Float64Array;
  /** Sum of x, [groups, n]. */
  readonly inputSums: Float64Array;
  /** Sum of z, [groups, m]. */
  readonly targetSums: Float64Array;
  /** Sum of z², [groups, m]. */
  readonly targetSquares: Float64Array;
}

/** Adds up what runs say about one layer. */
export class LayerRecord {
  readonly #node: string;
  readonly #product: LayerProduct;
  readonly #gram: Float64Array;
  readonly #cross: Float64Array;
  /** Sums of x, of z and of z², one behind the other. */
  readonly #totals: Float64Array;
  /** What was subtracted from every x, and behind it from every z. */
  readonly #shift: Float64Array;
  readonly #badRuns: number[] = [];
  #rows = 0;

  constructor(node: string, product: LayerProduct) {
    const { groups, columns, outputs } = product;
    this.#node = node;
    this.#product = product;
    this.#gram = new Float64Array(groups * columns * columns);
    this.#cross = new Float64Array(groups * columns * outputs);
    this.#totals = new Float64Array(groups * (columns + 2 * outputs));
    this.#shift = new Float64Array(groups * (columns + outputs));
  }

  /** About the means, by the totals of a run whose rows nothing was subtracted from. Before all runs that are added. */
  chooseShift({ data }: DenseTensor): { readonly inputs: Float64Array; readonly targets: Float64Array } {
    const rows = Number(data[1]);
    const isKnown = Number(data[0]) === 0 && rows > 0;
    // As it comes back from float32, so that what is added again is what was subtracted.
    for (let i = 0; i < this.#shift.length; i++) this.#shift[i] = isKnown ? Math.fround(Number(data[i + 2]) / rows) : 0;
    const inputs = this.#product.groups * this.#product.columns;
    return { inputs: this.#shift.slice(0, inputs), targets: this.#shift.slice(inputs) };
  }

  get notFinite(): NotFinite | null {
    const [run] = this.#badRuns;
    return run === undefined ? null : { name: this.#node, run, runs: this.#badRuns.length };
  }

  /** `totals`: 0 or NaN, the number of rows, then sums of x, z and z². */
  addRun(run: number, { data }: DenseTensor): void {
    if (Number(data[0]) !== 0) {
      this.#badRuns.push(run);
      return;
    }
    this.#rows += Number(data[1]);
    addTo(this.#totals, data, 2);
  }

  addGram({ data }: DenseTensor): void {
    addTo(this.#gram, data);
  }

  addCross({ data }: DenseTensor): void {
    addTo(this.#cross, data);
  }

  /** Null where there were no rows. Its arrays are the caller's. */
  finish(): LayerSums | null {
    if (this.#rows === 0) return null;
    const { groups, columns, outputs } = this.#product;
    const [zs, squares] = [groups * columns, groups * (columns + outputs)];
    const sums: LayerSums = {
      node: this.#node,
      rows: this.#rows,
      groups,
      columns,
      outputs,
      gram: this.#gram,
      cross: this.#cross,
      inputSums: this.#totals.slice(0, zs),
      targetSums: this.#totals.slice(zs, squares),
      targetSquares: this.#totals.slice(squares),
    };
    unshift(sums, { inputs: this.#shift.subarray(0, zs), targets: this.#shift.subarray(zs) });
    return sums;
  }
}

/** A part of another length is the start that no run was added to. */
function addTo(sums: Float64Array, part: DenseTensor['data'], offset = 0): void {
  if (part.length !== sums.length + offset) return;
  for (let i = 0; i < sums.length; i++) sums[i] = (sums[i] ?? 0) + Number(part[i + offset]);
}
