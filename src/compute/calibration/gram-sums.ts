import type { DenseTensor } from '../../onnx/dense-tensor.ts';
import type { NotFinite } from './statistics.ts';

/** X^T X of a value over all runs, X being its elements as rows of the last axis. */
export interface Gram {
  readonly name: string;
  /** Length K of the last axis. */
  readonly columns: number;
  /** Rows of X over all runs, above 0. */
  readonly rows: number;
  /** [K, K], row-major, a sum and not a mean. */
  readonly gram: Float64Array;
  /** Mean of |x| in each column, [K]. */
  readonly absMeans: Float64Array;
}

/** Adds up what runs say about one value's gram matrix. */
export class GramSums {
  readonly name: string;
  readonly #badRuns: number[] = [];
  #rows = 0;
  #gram: Float64Array = new Float64Array();
  #absSums: Float64Array = new Float64Array();
  #isUneven = false;

  constructor(name: string) {
    this.name = name;
  }

  get notFinite(): NotFinite | null {
    const [run] = this.#badRuns;
    return run === undefined ? null : { name: this.name, run, runs: this.#badRuns.length };
  }

  /** Whether the last axis was not as long in every run: there is no matrix of all of them. */
  get isUneven(): boolean {
    return this.#isUneven;
  }

  addRun(run: number, { sums, check, shape }: Readonly<Record<'sums' | 'check' | 'shape', DenseTensor>>): void {
    if (Number(check.data[0]) !== 0) {
      this.#badRuns.push(run);
      return;
    }
    this.#isUneven ||= this.#absSums.length > 0 && this.#absSums.length !== sums.data.length;
    if (this.#isUneven) return;
    this.#rows += Number(shape.data[0]);
    this.#absSums = addTo(this.#absSums, sums);
  }

  /** A matrix of another size is the start of one that no run was added to. */
  addGram(part: DenseTensor): void {
    if (part.data.length === this.#absSums.length ** 2) this.#gram = addTo(this.#gram, part);
  }

  /** Null where there were no rows. Its matrix is the caller's. */
  finish(): Gram | null {
    if (this.#rows === 0) return null;
    return {
      name: this.name,
      columns: this.#absSums.length,
      rows: this.#rows,
      gram: this.#gram,
      absMeans: this.#absSums.map((sum) => sum / this.#rows),
    };
  }
}

function addTo(sums: Float64Array, { data }: DenseTensor): Float64Array {
  const into = sums.length === 0 ? new Float64Array(data.length) : sums;
  for (let i = 0; i < into.length; i++) into[i] = (into[i] ?? 0) + Number(data[i]);
  return into;
}
