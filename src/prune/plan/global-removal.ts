import { nearestWidth } from './allowed-widths.ts';
import type { KeptWidths, ScoredGroup } from './removal-of.ts';
import { removalOf, unitsByScore } from './removal-of.ts';
import type { PlannedRemoval } from './uniform-removal.ts';

export interface GlobalRemovalOptions {
  /** What should be gone: of the units, or of what `goneShare` counts. */
  readonly share: number;
  /** Share that is gone with such widths, rising as they fall; that of all units unless given. */
  readonly goneShare?: (kept: KeptWidths) => number;
  /** Share of its units that each group keeps at least, 0.1 unless given. */
  readonly least?: number;
}

export interface GlobalRemoval extends PlannedRemoval {
  /** The share that is gone, as near to the wanted one as widths allow. */
  readonly reached: number;
}

/**
 * One ranking of the units of all groups: the lowest go, wherever they are, until the wanted share is gone. Scores must
 * be comparable between groups (`relativeToMean`).
 */
export function globalRemoval(groups: readonly ScoredGroup[], options: GlobalRemovalOptions): GlobalRemoval {
  const { share, goneShare = (kept) => unitsGone(groups, kept), least = 0.1 } = options;
  const ranking = rankingOf(groups);
  const keptAfter = (length: number) => widthsAfter(groups, ranking.slice(0, length), least);
  // The share rises with the length: the first length that reaches it, and the one before.
  let [low, high] = [0, ranking.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (goneShare(keptAfter(middle)) < share) low = middle + 1;
    else high = middle;
  }
  const choices = [keptAfter(Math.max(0, low - 1)), keptAfter(low)].map((kept) => ({ kept, reached: goneShare(kept) }));
  const [first, second] = choices.toSorted((a, b) => Math.abs(a.reached - share) - Math.abs(b.reached - share));
  const { kept, reached } = first ?? second ?? { kept: new Map(), reached: 0 };
  return { kept, reached, removal: removalOf(groups, kept) };
}

/** Index of the group of each unit, by rising score. */
function rankingOf(groups: readonly ScoredGroup[]): readonly number[] {
  const all = groups.flatMap(({ scores }, group) => unitsByScore(scores).map((unit) => ({ group, unit })));
  const score = ({ group, unit }: { readonly group: number; readonly unit: number }) => {
    const of = groups[group]?.scores[unit] ?? Infinity;
    return Number.isNaN(of) ? Infinity : of;
  };
  return all
    .map((each) => ({ group: each.group, score: score(each) }))
    .toSorted((a, b) => (a.score === b.score ? 0 : a.score - b.score))
    .map(({ group }) => group);
}

function widthsAfter(groups: readonly ScoredGroup[], gone: readonly number[], least: number): KeptWidths {
  const removed = new Uint32Array(groups.length);
  for (const group of gone) removed[group] = (removed[group] ?? 0) + 1;
  return new Map(
    groups.map(({ id, scores, allowed }, i) => {
      const possible = allowed.filter((width) => width >= least * scores.length);
      return [id, nearestWidth(possible, scores.length - (removed[i] ?? 0))];
    }),
  );
}

function unitsGone(groups: readonly ScoredGroup[], kept: KeptWidths): number {
  const all = groups.reduce((sum, { scores }) => sum + scores.length, 0);
  const left = groups.reduce((sum, { id, scores }) => sum + (kept.get(id) ?? scores.length), 0);
  return all === 0 ? 0 : 1 - left / all;
}
