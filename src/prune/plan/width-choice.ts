import type { CostModel } from './cost-model.ts';
import type { KeptWidths } from './removal-of.ts';
import type { GroupOptions } from './width-options.ts';

/** A group, by its place in the list, and the place of the option that it changes to. */
export interface Move {
  readonly group: number;
  readonly place: number;
}

/** What a change adds. */
export interface Growth {
  readonly cost: number;
  readonly error: number;
}

/** One option of each group, and what they come to together. */
export class WidthChoice {
  readonly #groups: readonly GroupOptions[];
  readonly #model: CostModel;
  readonly #places: number[];
  readonly #kept: Map<number, number>;

  constructor(groups: readonly GroupOptions[], model: CostModel, places: readonly number[]) {
    this.#groups = groups;
    this.#model = model;
    this.#places = [...places];
    this.#kept = new Map(groups.map(({ id, options }, i) => [id, options[places[i] ?? 0]?.kept ?? 0]));
  }

  get places(): readonly number[] {
    return [...this.#places];
  }

  get kept(): KeptWidths {
    return new Map(this.#kept);
  }

  get cost(): number {
    return this.#model.total(this.#kept);
  }

  /** Errors are taken to add up. */
  get error(): number {
    return this.#places.reduce((sum, place, group) => sum + this.#errorAt(group, place), 0);
  }

  /** The move of a group by some options toward wider; null where it has none there. */
  step(group: number, by: number): Move | null {
    const place = (this.#places[group] ?? 0) + by;
    return this.#groups[group]?.options[place] === undefined ? null : { group, place };
  }

  apply(moves: readonly Move[]): Growth {
    // Nodes between two groups cost a product of both: one move after the other.
    const growths = moves.map((move) => this.#change(move));
    return {
      cost: growths.reduce((sum, { cost }) => sum + cost, 0),
      error: growths.reduce((sum, { error }) => sum + error, 0),
    };
  }

  /** What moves would add. */
  growth(moves: readonly Move[]): Growth {
    const back = moves.map(({ group }) => ({ group, place: this.#places[group] ?? 0 }));
    const growth = this.apply(moves);
    this.apply(back);
    return growth;
  }

  #errorAt(group: number, place: number): number {
    return this.#groups[group]?.options[place]?.error ?? 0;
  }

  #change({ group: index, place }: Move): Growth {
    const group = this.#groups[index];
    const option = group?.options[place];
    if (group === undefined || option === undefined) throw new RangeError(`group ${index} has no option ${place}`);
    const before = this.#model.around(group.id, this.#kept);
    const error = option.error - this.#errorAt(index, this.#places[index] ?? 0);
    this.#places[index] = place;
    this.#kept.set(group.id, option.kept);
    return { cost: this.#model.around(group.id, this.#kept) - before, error };
  }
}
