import type { Removal } from '../groups/prune-group.ts';
import { nearestWidth } from './allowed-widths.ts';
import type { KeptWidths, ScoredGroup } from './removal-of.ts';
import { removalOf } from './removal-of.ts';

export interface PlannedRemoval {
  readonly kept: KeptWidths;
  readonly removal: Removal;
}

/** Takes the same share of every group, or to each what `ratioOf` says, rounded to allowed widths. */
export function uniformRemoval(
  groups: readonly ScoredGroup[],
  ratioOf: (group: ScoredGroup) => number,
): PlannedRemoval {
  const kept = new Map(
    groups.map((group) => [group.id, nearestWidth(group.allowed, group.scores.length * (1 - ratioOf(group)))]),
  );
  return { kept, removal: removalOf(groups, kept) };
}
