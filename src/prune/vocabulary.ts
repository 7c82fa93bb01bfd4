/** What is taken out. `structured` removes channels, heads and neurons; `depth` whole residual blocks; the others set weights to 0. */
export const pruneKinds = ['structured', 'depth', 'sparsity', 'pattern'] as const;
export type PruneKind = (typeof pruneKinds)[number];

/** How units are ranked; `auto` is obs where its matrices are small, else wifv with data, and l2 without. */
export const unitScores = ['auto', 'wifv', 'activation', 'l2', 'l1', 'bn-scale', 'obs', 'taylor', 'random'] as const;
export type UnitScore = (typeof unitScores)[number];

/** Those that look at weights alone; the others need data. */
export const blindUnitScores: readonly UnitScore[] = ['auto', 'l2', 'l1', 'bn-scale', 'random'];

/** How single weights are chosen; `auto` is sparsegpt with data, and magnitude without. */
export const weightScores = ['auto', 'sparsegpt', 'wanda', 'magnitude'] as const;
export type WeightScore = (typeof weightScores)[number];

/** Those that look at weights alone; the others need data. */
export const blindWeightScores: readonly WeightScore[] = ['auto', 'magnitude'];

/** What a written model must reach. `faster` is what structured pruning is for, where nothing else was asked. */
export const pruneGoals = [
  'max-drop',
  'target-latency',
  'target-size',
  'target-macs',
  'faster',
  'smaller-download',
] as const;

/** What became of a consumer's weights once its inputs were fewer. */
export const repairs = ['reconstructed', 'matched', 'kept'] as const;
