import type { Finding } from '../../errors.ts';
import type { PruneGroup, Removal } from '../../prune/groups/prune-group.ts';
import { globalRemoval } from '../../prune/plan/global-removal.ts';
import type { ScoredGroup } from '../../prune/plan/removal-of.ts';
import { unitsByScore } from '../../prune/plan/removal-of.ts';
import { uniformRemoval } from '../../prune/plan/uniform-removal.ts';
import type { PruneSettings } from '../../prune/prune-settings.ts';
import { widthsOf } from './group-widths.ts';
import type { PrunedState } from './pruned-state.ts';
import { stateOf, withoutUnits } from './pruned-state.ts';
import type { ScoredUnits, Scores } from './score-units.ts';
import { scoreUnits } from './score-units.ts';
import type { Structure } from './structure.ts';
import { structureOf } from './structure.ts';
import { originKey } from './unit-origins.ts';
import type { PruneWork } from './work.ts';

export interface RatioPruning {
  readonly state: PrunedState;
  /** Scores of the first round, by group of the original. */
  readonly scores: Scores;
  readonly warnings: readonly Finding[];
}

/** Takes the shares that were asked for, in as many rounds as were asked for: score, remove, refit. */
export async function pruneByRatio(work: PruneWork, structure: Structure): Promise<RatioPruning> {
  const { settings } = work.request;
  const widths = new Map(structure.groups.map(({ name, units }) => [name, units]));
  let state = stateOf(structure.model);
  let first: ScoredUnits = { scores: new Map(), warnings: [] };
  for (let step = 1; step <= settings.steps; step++) {
    const now = step === 1 ? structure : await structureOf(work, state.model);
    const open = now.groups.filter((group) => group.locks.length === 0 && shareOf(group, settings) > 0);
    const { scores, warnings } = await scoreUnits(work, state.model, open);
    const removal = removalAt(step / settings.steps, { now, open, scores, widths, settings });
    if (step === 1) first = { scores, warnings };
    const checked = work.request.verify;
    if (removal.size > 0) state = await withoutUnits(work, state, { groups: now.groups, removal, checked });
  }
  const rounding = roundingWarnings(settings, structure, widthsAfter(structure, state));
  return { state, scores: first.scores, warnings: [...first.warnings, ...rounding] };
}

/** Share to take of a group's units. */
function shareOf({ kind }: PruneGroup, { channels, heads, width }: PruneSettings): number {
  if (kind === 'heads') return heads ?? 0;
  return (kind === 'width' ? width : channels) ?? 0;
}

interface Round {
  readonly now: Structure;
  readonly open: readonly PruneGroup[];
  readonly scores: Scores;
  /** Units of the original, by the name of the group. */
  readonly widths: ReadonlyMap<string, number>;
  readonly settings: PruneSettings;
}

/** Units to take in a round, so that the part `progress` of what was asked for is gone. */
function removalAt(progress: number, { now, open, scores, widths, settings }: Round): Removal {
  const scored: ScoredGroup[] = open.map((group) => ({
    id: group.id,
    scores: scores.get(group.id) ?? new Float64Array(group.units),
    allowed: widthsOf(group, now.model, settings.roundTo),
  }));
  const goneOf = (group: PruneGroup) => {
    const before = widths.get(group.name) ?? group.units;
    return 1 - (before * (1 - shareOf(group, settings) * progress)) / group.units;
  };
  const byId = new Map(open.map((group) => [group.id, group]));
  const ratioOf = ({ id }: ScoredGroup) => {
    const group = byId.get(id);
    return group === undefined ? 0 : Math.max(0, goneOf(group));
  };
  if (!settings.global) return uniformRemoval(scored, ratioOf).removal;
  const removal = new Map<number, readonly number[]>();
  // Those of optimal brain surgeon are errors, the same in every group.
  const isError = settings.score === 'obs' || settings.score === 'auto';
  // Heads are not weighed against channels.
  for (const kind of ['channels', 'heads', 'width'] as const) {
    const part = scored.filter(({ id }) => rankedWith(byId.get(id)) === kind);
    if (part.length === 0) continue;
    const ranked = part.map((group) => ({ ...group, scores: isError ? group.scores : rankable(group.scores) }));
    const units = part.reduce((sum, { scores: own }) => sum + own.length, 0);
    const gone = part.reduce((sum, group) => sum + ratioOf(group) * group.scores.length, 0);
    for (const [id, list] of globalRemoval(ranked, { share: gone / units }).removal) removal.set(id, list);
  }
  return removal;
}

/** Share of the group's score that goes with a unit and all below it: comparable between groups of any scale. */
function rankable(scores: Float64Array): Float64Array {
  const order = unitsByScore(scores);
  const finite = scores.map((score) => (Number.isFinite(score) ? Math.max(0, score) : 0));
  const total = finite.reduce((sum, score) => sum + score, 0);
  const ranked = new Float64Array(scores.length);
  let sum = 0;
  for (const unit of order) {
    sum += finite[unit] ?? 0;
    ranked[unit] = Number.isFinite(scores[unit]) && total > 0 ? sum / total : Infinity;
  }
  return ranked;
}

function rankedWith(group: PruneGroup | undefined) {
  return group === undefined || group.kind === 'neurons' ? 'channels' : group.kind;
}

/** Units left of each group of the original, by id. */
export function widthsAfter({ groups }: Structure, { origins }: PrunedState): ReadonlyMap<number, number> {
  return new Map(
    groups.map((group) => {
      for (const { value, axis, units } of group.places) {
        const kept = origins.get(originKey(value, axis));
        if (kept !== undefined)
          return [group.id, new Set(kept.map((at) => units[at] ?? -1).filter((unit) => unit >= 0)).size];
      }
      return [group.id, group.units];
    }),
  );
}

/** Where widths allow only something else than was asked for, by more than a twentieth. */
function roundingWarnings(
  settings: PruneSettings,
  { groups }: Structure,
  after: ReadonlyMap<number, number>,
): readonly Finding[] {
  const open = groups.filter(
    (group) => group.locks.length === 0 && group.kind !== 'heads' && shareOf(group, settings) > 0,
  );
  const before = open.reduce((sum, { units }) => sum + units, 0);
  const left = open.reduce((sum, { id, units }) => sum + (after.get(id) ?? units), 0);
  const asked = settings.channels ?? settings.width ?? 0;
  const reached = before === 0 ? 0 : 1 - left / before;
  if (before === 0 || Math.abs(reached - asked) <= 0.05) return [];
  return [{ code: 'share-rounded', details: { asked, reached, roundTo: settings.roundTo } }];
}
