import { sumsByUnit } from '../numeric/axis-sums.ts';
import type { UnitMask } from './unit-masks.ts';

/** Adds up squares of the gradients of units, run by run. */
export class FisherSums {
  readonly #masks: readonly UnitMask[];
  /** By group. */
  readonly #squares: ReadonlyMap<number, Float64Array>;
  #runs = 0;

  /** @param sizes units of the groups that are summed up, by id */
  constructor(masks: readonly UnitMask[], sizes: ReadonlyMap<number, number>) {
    this.#masks = masks;
    this.#squares = new Map([...sizes].map(([id, units]) => [id, new Float64Array(units)]));
  }

  /**
   * Takes in one run: gradients by mask, zeros where one is missing. A unit that is read in several places has one mask
   * for all of them: its gradients add up before they are squared. Runs with numbers that are none are left out.
   */
  add(gradients: ReadonlyMap<string, ArrayLike<number>>): void {
    const runs = [...this.#squares].map(([id, squares]) => ({ squares, sums: this.#unitSums(id, gradients) }));
    if (!runs.every(({ sums }) => sums.every(Number.isFinite))) return;
    for (const { squares, sums } of runs)
      for (const [unit, sum] of sums.entries()) squares[unit] = (squares[unit] ?? 0) + sum ** 2;
    this.#runs++;
  }

  /** Mean over the runs, by group; none without a run. */
  means(): ReadonlyMap<number, Float64Array> {
    if (this.#runs === 0) return new Map();
    return new Map([...this.#squares].map(([id, squares]) => [id, squares.map((sum) => sum / this.#runs)]));
  }

  #unitSums(id: number, gradients: ReadonlyMap<string, ArrayLike<number>>): Float64Array {
    const sums = new Float64Array(this.#squares.get(id)?.length ?? 0);
    for (const { name, units } of this.#masks) {
      const [along, gradient] = [units.get(id), gradients.get(name)];
      if (along === undefined || gradient === undefined) continue;
      for (const [unit, sum] of sumsByUnit(gradient, along, sums.length).entries())
        sums[unit] = (sums[unit] ?? 0) + sum;
    }
    return sums;
  }
}
