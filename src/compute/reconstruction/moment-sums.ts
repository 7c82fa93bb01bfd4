import type { DenseTensor } from '../../onnx/dense-tensor.ts';
import type { NotFinite } from '../calibration/statistics.ts';

/** An axis of a value of the main graph. */
export interface MomentPlace {
  readonly value: string;
  /** Below 0: from the end. */
  readonly axis: number;
}

/** What each slice along an axis was over all runs. */
export interface Moments extends MomentPlace {
  /** Elements of each slice, above 0. */
  readonly elements: number;
  /** Mean of x, [length of the axis]. */
  readonly mean: Float64Array;
  /** Mean of x², [length of the axis]. */
  readonly meanSquare: Float64Array;
}

/** Adds up what runs say about one place. */
export class MomentSums {
  readonly place: MomentPlace;
  isUneven = false;
  readonly #badRuns: number[] = [];
  #elements = 0;
  #sums = new Float64Array();
  #squares = new Float64Array();

  constructor(place: MomentPlace) {
    this.place = place;
  }

  get isSeen(): boolean {
    return this.#elements > 0 || this.#badRuns.length > 0;
  }

  get notFinite(): NotFinite | null {
    const [run] = this.#badRuns;
    return run === undefined ? null : { name: this.place.value, run, runs: this.#badRuns.length };
  }

  /** Takes elements of each slice, then sums, then sums of squares: float32 [1 + 2 length]. */
  add(run: number, part: DenseTensor | undefined): void {
    const data = Float64Array.from<unknown>(part?.data ?? [], Number);
    const [elements = 0] = data;
    const length = (data.length - 1) / 2;
    if (elements === 0) return;
    if (!data.every(Number.isFinite)) {
      this.#badRuns.push(run);
      return;
    }
    if (this.#elements === 0) [this.#sums, this.#squares] = [new Float64Array(length), new Float64Array(length)];
    if (length !== this.#sums.length) this.isUneven = true;
    if (this.isUneven) return;
    this.#elements += elements;
    for (let i = 0; i < length; i++) {
      this.#sums[i] = (this.#sums[i] ?? 0) + (data[1 + i] ?? 0);
      this.#squares[i] = (this.#squares[i] ?? 0) + (data[1 + length + i] ?? 0);
    }
  }

  finish(): Moments | null {
    if (this.#elements === 0 || this.isUneven) return null;
    const mean = (sum: number) => sum / this.#elements;
    return {
      ...this.place,
      elements: this.#elements,
      mean: this.#sums.map(mean),
      meanSquare: this.#squares.map(mean),
    };
  }
}
