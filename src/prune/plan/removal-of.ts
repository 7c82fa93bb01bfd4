import type { Removal } from '../groups/prune-group.ts';

export interface ScoredGroup {
  readonly id: number;
  /** Of each unit: low ones go first, those that are no number last. */
  readonly scores: Float64Array;
  /** As `allowedWidths` has them. */
  readonly allowed: readonly number[];
}

/** Units kept, by group id. Groups that are not named stay as they are. */
export type KeptWidths = ReadonlyMap<number, number>;

/** The units of lowest score, so that each group keeps as many as it should. */
export function removalOf(groups: readonly Omit<ScoredGroup, 'allowed'>[], kept: KeptWidths): Removal {
  const removal = new Map<number, readonly number[]>();
  for (const { id, scores } of groups) {
    const count = scores.length - (kept.get(id) ?? scores.length);
    if (count <= 0) continue;
    removal.set(
      id,
      unitsByScore(scores)
        .slice(0, count)
        .toSorted((a, b) => a - b),
    );
  }
  return removal;
}

/** Units by rising score; of equal ones the first first. */
export function unitsByScore(scores: Float64Array): readonly number[] {
  const rank = (unit: number) => {
    const score = scores[unit] ?? Infinity;
    return Number.isNaN(score) ? Infinity : score;
  };
  return Array.from({ length: scores.length }, (_, unit) => unit).toSorted((a, b) => {
    const [first, second] = [rank(a), rank(b)];
    return first === second ? a - b : first - second;
  });
}
