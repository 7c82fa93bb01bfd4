import { chooseWidths } from '../../prune/plan/choose-widths.ts';
import type { ChosenWidths } from '../../prune/plan/choose-widths.ts';
import type { CostModel } from '../../prune/plan/cost-model.ts';
import { removalOf } from '../../prune/plan/removal-of.ts';
import type { GroupOptions } from '../../prune/plan/width-options.ts';
import type { PrunedState } from './pruned-state.ts';
import { stateOf, withoutUnits } from './pruned-state.ts';
import type { Scores } from './score-units.ts';
import type { Structure } from './structure.ts';
import type { PruneTrial } from './trial.ts';
import { tryPruned } from './trial.ts';
import type { PruneWork } from './work.ts';

/** Samples that candidates are compared on; the one that is chosen is compared on all. */
const comparedSamples = 512;

/** Candidates at most. */
export const mostTrials = 10;

/** A model that was built on the way. */
export interface TriedWidths extends PruneTrial {
  readonly state: PrunedState;
  /** Share of the cost that was allowed. */
  readonly at: number;
  /** Groups that lost units, by id. */
  readonly narrowed: readonly number[];
}

export interface Searching {
  readonly structure: Structure;
  readonly scores: Scores;
  readonly widths: readonly GroupOptions[];
  readonly cost: CostModel;
}

/** Builds the best division of a budget, and keeps what was built. */
export class WidthSearch {
  readonly trials: TriedWidths[] = [];
  readonly #work: PruneWork;
  readonly #searching: Searching;

  constructor(work: PruneWork, searching: Searching) {
    this.#work = work;
    this.#searching = searching;
  }

  /** Widths at a share of the cost. */
  choose(share: number): ChosenWidths {
    const { widths, cost } = this.#searching;
    return chooseWidths(widths, { model: cost, budget: share * this.#total() });
  }

  /** What widths come to, as text. */
  identify(share: number): string {
    return [...this.choose(share).kept].map(([id, kept]) => `${id}:${kept}`).join();
  }

  async try(share: number): Promise<TriedWidths> {
    const { structure, scores } = this.#searching;
    const { kept, cost } = this.choose(share);
    const name = `${(cost / this.#total()).toFixed(2)}x of the cost`;
    this.#work.context.onEvent({ kind: 'candidate', name, index: this.trials.length, of: mostTrials });
    const scored = [...scores].map(([id, own]) => ({ id, scores: own }));
    const removal = removalOf(scored, kept);
    const checked = this.#work.request.verify;
    const start = stateOf(structure.model);
    const state = await withoutUnits(this.#work, start, { groups: structure.groups, removal, checked });
    const samples = this.#work.feeds.part(comparedSamples);
    const tried = {
      ...(await tryPruned(this.#work, { name, model: state.model, samples })),
      state,
      at: share,
      narrowed: [...removal.keys()],
    };
    this.trials.push(tried);
    return tried;
  }

  /** Puts a measured trial in its place. */
  replace(tried: TriedWidths): void {
    const index = this.trials.findIndex(({ file }) => file === tried.file);
    this.trials[index] = tried;
  }

  #total(): number {
    return this.#searching.cost.total(new Map());
  }
}
