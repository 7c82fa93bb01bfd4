import { choleskyInPlace, factorCholesky } from '../../stats/cholesky.ts';
import { invertCholesky } from '../../stats/invert-cholesky.ts';
import { transposed } from '../../stats/transposed.ts';
import { subtractRows } from './subtract-rows.ts';

/** A layer that reads the units. */
export interface UnitColumns {
  /** Sum of x xᵀ over rows, `[columns, columns]`; around the means where the layer's bias will be refitted. */
  readonly gram: Float64Array;
  /** `[outputs, columns]`. */
  readonly weights: ArrayLike<number>;
  readonly outputs: number;
  /** For each column the unit it belongs to, or -1 for none. */
  readonly units: Int32Array;
}

/** What taking units out one after the other does. */
export interface UnitRemoval {
  /** What the squared error grows by with each of them, those before it being gone. */
  readonly costs: Float64Array;
  readonly columns: Int32Array;
  /** Columns of each unit and of those before it. */
  readonly ends: Int32Array;
  /** `C^-1 W_S` `[s, m]` and `C^-1 H^-1_S,:` `[s, n]`, C being Cholesky's factor of `H^-1_SS`. */
  readonly weightRows: Float64Array;
  readonly inverseRows: Float64Array;
}

/**
 * Optimal brain surgeon over groups of columns (Hassibi and Stork 1993; Kurtic et al., "ZipLM", 2023): the inverse of H
 * over the columns that are left, and the weights that are best without those that are gone.
 */
export class ObsState {
  readonly #n: number;
  readonly #m: number;
  /** `[n, n]`, lower triangle. */
  readonly #inverse: Float64Array;
  /** `[n, m]`. */
  readonly #weights: Float64Array;
  readonly #columns: readonly Int32Array[];
  readonly #isGone: Uint8Array;

  private constructor(layer: UnitColumns, inverse: Float64Array, units: number) {
    this.#n = layer.units.length;
    this.#m = layer.outputs;
    this.#inverse = inverse;
    this.#weights = transposed(layer.weights, this.#m, this.#n);
    const columns = Array.from({ length: units }, (): number[] => []);
    for (const [column, unit] of layer.units.entries()) columns[unit]?.push(column);
    this.#columns = columns.map((each) => Int32Array.from(each));
    this.#isGone = new Uint8Array(this.#n);
  }

  /** `damped` is H, `[n, n]`, written over. Null when it cannot be inverted. */
  static of(layer: UnitColumns, damped: Float64Array, units: number): ObsState | null {
    const factor = factorCholesky(damped, layer.units.length);
    return factor === null ? null : new ObsState(layer, invertCholesky(factor), units);
  }

  /** What the squared error grows by without the unit, `tr(W_S (H^-1_SS)^-1 W_Sᵀ)`. */
  cost(unit: number): number {
    const columns = this.#columns[unit] ?? new Int32Array();
    const [column = 0] = columns;
    // Most units of a product have one column: its row of the weights will do as it is.
    if (columns.length === 1) return this.#energy(column) / this.#at(column, column);
    const factor = this.#factorOf(columns);
    if (factor === null) return Infinity;
    return sumOfSquares(solvedRows(factor, columns.length, this.#weightRows(columns)));
  }

  /** What taking some units out would do; null when rounding errors leave no way to. */
  removal(units: readonly number[]): UnitRemoval | null {
    const columns = Int32Array.from(units.flatMap((unit) => [...(this.#columns[unit] ?? [])]));
    const factor = this.#factorOf(columns);
    if (factor === null) return null;
    const weightRows = solvedRows(factor, columns.length, this.#weightRows(columns));
    const inverseRows = solvedRows(factor, columns.length, this.#inverseRows(columns));
    const ends = new Int32Array(units.length);
    const costs = new Float64Array(units.length);
    for (let place = 0, from = 0; place < units.length; place++) {
      const end = from + (this.#columns[units[place] ?? 0]?.length ?? 0);
      // Elimination goes column by column: a row of C^-1 W_S has what its column costs after those before it.
      costs[place] = sumOfSquares(weightRows.subarray(from * this.#m, end * this.#m));
      ends[place] = end;
      from = end;
    }
    return { costs, columns, ends, weightRows, inverseRows };
  }

  /** Takes the first `units` of a removal out and refits what is left. */
  apply({ columns, ends, weightRows, inverseRows }: UnitRemoval, units: number): void {
    const count = ends[units - 1] ?? 0;
    for (const column of columns.subarray(0, count)) this.#isGone[column] = 1;
    const factors = new Float64Array(count);
    const [n, m] = [this.#n, this.#m];
    for (let row = 0; row < n; row++) {
      if (this.#isGone[row] === 1) continue;
      for (let s = 0; s < count; s++) factors[s] = inverseRows[s * n + row] ?? 0;
      subtractRows(
        { into: this.#inverse, at: row * n, length: row + 1 },
        { data: inverseRows, width: n, count, factors },
      );
      subtractRows({ into: this.#weights, at: row * m, length: m }, { data: weightRows, width: m, count, factors });
    }
  }

  #at(i: number, j: number): number {
    return this.#inverse[i >= j ? i * this.#n + j : j * this.#n + i] ?? 0;
  }

  #energy(column: number): number {
    return sumOfSquares(this.#weights.subarray(column * this.#m, (column + 1) * this.#m));
  }

  /** Cholesky's factor of `H^-1_SS` `[s, s]`. */
  #factorOf(columns: Int32Array): Float64Array | null {
    const size = columns.length;
    const block = new Float64Array(size * size);
    for (let i = 0; i < size; i++)
      for (let j = 0; j <= i; j++) block[i * size + j] = this.#at(columns[i] ?? 0, columns[j] ?? 0);
    return choleskyInPlace(block, size) ? block : null;
  }

  #weightRows(columns: Int32Array): Float64Array {
    const rows = new Float64Array(columns.length * this.#m);
    for (const [i, column] of columns.entries())
      rows.set(this.#weights.subarray(column * this.#m, (column + 1) * this.#m), i * this.#m);
    return rows;
  }

  /** `H^-1_S,:` `[s, n]`; zero where a column is gone. */
  #inverseRows(columns: Int32Array): Float64Array {
    const rows = new Float64Array(columns.length * this.#n);
    for (const [i, column] of columns.entries())
      for (let j = 0; j < this.#n; j++) rows[i * this.#n + j] = this.#isGone[j] === 1 ? 0 : this.#at(column, j);
    return rows;
  }
}

/** `C^-1` times `[size, width]`, in place. */
function solvedRows(factor: Float64Array, size: number, rows: Float64Array): Float64Array {
  const width = size === 0 ? 0 : rows.length / size;
  for (let i = 0; i < size; i++) {
    const span = { into: rows, at: i * width, length: width };
    subtractRows(span, { data: rows, width, count: i, factors: factor.subarray(i * size, i * size + i) });
    const pivot = factor[i * size + i] ?? 0;
    for (let k = i * width; k < (i + 1) * width; k++) rows[k] = (rows[k] ?? 0) / pivot;
  }
  return rows;
}

function sumOfSquares(numbers: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < numbers.length; i++) sum += (numbers[i] ?? 0) ** 2;
  return sum;
}
