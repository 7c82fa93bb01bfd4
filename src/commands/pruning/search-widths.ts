import type { CostModel } from '../../prune/plan/cost-model.ts';
import { candidateFailures } from '../trials/candidate-failures.ts';
import { measureCandidates } from '../trials/measure-candidates.ts';
import { bestTrial } from './best-trial.ts';
import { costModelOf } from './cost-nodes.ts';
import { widthsOf } from './group-widths.ts';
import { finalShare } from './judge-chosen.ts';
import type { LatencyShares } from './latency-shares.ts';
import { nodeMacs } from './node-macs.ts';
import type { Pruned } from './prune-structured.ts';
import { reachGoals } from './reach-goals.ts';
import { scoreUnits } from './score-units.ts';
import type { TriedWidth } from './sensitivity.ts';
import { optionsOf, sensitivityOf } from './sensitivity.ts';
import type { Structure } from './structure.ts';
import type { TriedWidths } from './width-search.ts';
import { WidthSearch } from './width-search.ts';
import type { PruneWork } from './work.ts';

export interface SearchOptions {
  readonly structure: Structure;
  readonly latency: LatencyShares;
}

/**
 * Widths that reach the goals: what each group alone costs in closeness, the best division of a budget between them, and
 * bisection over the budget with real models, compared and measured.
 */
export async function searchWidths(work: PruneWork, options: SearchOptions): Promise<Pruned> {
  const { structure } = options;
  const { model, groups } = structure;
  const open = groups.filter((group) => group.locks.length === 0 && group.kind !== 'width');
  const { scores, warnings: scoring } = await scoreUnits(work, model, open);
  const sensitivity = await sensitivityOf(work, structure, { open, scores });
  const widths = open.map((group) =>
    optionsOf(group, widthsOf(group, model, work.request.settings.roundTo), sensitivity),
  );
  const cost = costOf(work, options);
  const search = new WidthSearch(work, { structure, scores, widths, cost });
  const warnings = await reachGoals(work, search);
  const trials = await withTimes(work, search.trials);
  const chosen = bestTrial(work, trials);
  const told = toldOf(sensitivity, cost);
  return {
    state: chosen.state,
    scores,
    trials,
    chosen,
    sensitivity: told,
    warnings: [...scoring, ...warnings, ...candidateFailures(trials)],
  };
}

/** Time where a latency is asked for and known, bytes for a size, else multiply-adds. */
function costOf({ request: { goals }, prepared, dims }: PruneWork, { structure, latency }: SearchOptions): CostModel {
  const isTimed = goals.targetMacs === null && goals.targetSize === null;
  if (isTimed && latency !== null) return costModelOf(structure, ({ name }) => latency.get(name) ?? 0);
  if (goals.targetMacs === null && goals.targetSize !== null)
    return costModelOf(structure, (node) =>
      node.inputs.reduce((bytes, value) => bytes + (value?.constant?.byteLength ?? 0), 0),
    );
  return costModelOf(structure, nodeMacs(prepared, dims));
}

/** Measures what was not measured yet, all in the same rounds. */
async function withTimes(work: PruneWork, trials: readonly TriedWidths[]): Promise<readonly TriedWidths[]> {
  const { budgetMs, verify } = work.request;
  const open = trials.filter(({ measured, failure }) => measured === null && failure === null);
  if (!verify || budgetMs === null || open.length === 0) return trials;
  const paths = open.map(({ file }) => file.path);
  const { candidates } = await measureCandidates(work, paths, budgetMs * (1 - finalShare));
  return trials.map((trial) => ({ ...trial, measured: candidates.get(trial.file.path) ?? trial.measured }));
}

function toldOf(sensitivity: readonly TriedWidth[], cost: CostModel): Pruned['sensitivity'] {
  const total = cost.total(new Map());
  return sensitivity.map(({ group, kept, error }) => ({
    group: group.name,
    units: kept,
    error,
    saved: total === 0 ? 0 : 1 - cost.total(new Map([[group.id, kept]])) / total,
  }));
}
