import { copyModel } from '../../compute/copy-model.ts';
import type { PruneGroup } from '../../prune/groups/prune-group.ts';
import { removalOf } from '../../prune/plan/removal-of.ts';
import type { GroupOptions } from '../../prune/plan/width-options.ts';
import { nearestWidth } from '../../prune/plan/allowed-widths.ts';
import { outputsOf } from '../trials/outputs-of.ts';
import { feedsOf, noiseOf } from '../trials/trial-noise.ts';
import { widthsOf } from './group-widths.ts';
import { stateOf, withoutUnits } from './pruned-state.ts';
import type { Scores } from './score-units.ts';
import type { Structure } from './structure.ts';
import type { PruneWork } from './work.ts';

/** Samples that the outputs are compared on. */
const comparedSamples = 32;

/** Samples that layers are refitted on here. */
const refittedSamples = 128;

/** Shares of units removed that are tried, the most telling first: a budget may end the list. */
const triedShares = [0.5, 0.25, 0.75, 0.125, 0.375, 0.625] as const;

/** Time for all groups. */
const budgetMs = 180_000;

export interface TriedWidth {
  readonly group: PruneGroup;
  readonly kept: number;
  /** Squared error of the outputs over their squares. */
  readonly error: number;
}

/** What pruning each group alone, to some widths, does to the outputs once its readers are refitted. */
export async function sensitivityOf(
  work: PruneWork,
  { model }: Structure,
  { open, scores }: { readonly open: readonly PruneGroup[]; readonly scores: Scores },
): Promise<readonly TriedWidth[]> {
  const { context, request, feeds } = work;
  const startedMs = context.runtime.nowMs();
  const samples = await feedsOf(work, feeds.part(comparedSamples));
  const running = { feeds: samples, optimization: 'all' } as const;
  const plain = await outputsOf(work, model, running);
  const light: PruneWork = { ...work, feeds: { ...feeds, calibration: feeds.calibrationPart(refittedSamples) } };
  const tried: TriedWidth[] = [];
  let done = 0;
  for (const share of triedShares) {
    for (const group of open) {
      context.onEvent({ kind: 'sensitivity', done: done++, of: open.length * triedShares.length });
      // Every group is tried once, whatever it takes.
      if (share !== triedShares[0] && context.runtime.nowMs() - startedMs > budgetMs) return tried;
      const kept = nearestWidth(widthsOf(group, model, request.settings.roundTo), group.units * (1 - share));
      if (kept === group.units || tried.some((each) => each.group === group && each.kept === kept)) continue;
      const own = { id: group.id, scores: scores.get(group.id) ?? new Float64Array(group.units) };
      const removal = removalOf([own], new Map([[group.id, kept]]));
      const state = await withoutUnits(light, stateOf(copyModel(model)), { groups: [group], removal, checked: false });
      tried.push({ group, kept, error: noiseOf(plain, await outputsOf(work, state.model, running)) });
    }
  }
  return tried;
}

/** Errors at all widths that a group may have, between those that were tried and the whole one. */
export function optionsOf(group: PruneGroup, widths: readonly number[], tried: readonly TriedWidth[]): GroupOptions {
  const known = [...tried.filter((each) => each.group === group), { kept: group.units, error: 0 }].toSorted(
    (a, b) => a.kept - b.kept,
  );
  const [least] = known;
  const options = widths
    .filter((width) => width >= (least?.kept ?? group.units))
    .map((kept) => ({ kept, error: errorAt(known, kept) }));
  return { id: group.id, options };
}

function errorAt(known: readonly { readonly kept: number; readonly error: number }[], kept: number): number {
  const above = known.find((each) => each.kept >= kept) ?? known.at(-1);
  const below = known.findLast((each) => each.kept <= kept) ?? known[0];
  if (above === undefined || below === undefined || above.kept === below.kept) return above?.error ?? 0;
  const part = (kept - below.kept) / (above.kept - below.kept);
  return below.error + part * (above.error - below.error);
}
