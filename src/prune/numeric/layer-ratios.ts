/** How weights of several layers are ranked together. */
export type GlobalWeightScore = 'magnitude' | 'lamp';

export interface LayerRatiosOptions {
  /** Share of all weights that goes. */
  readonly ratio: number;
  readonly score: GlobalWeightScore;
  /** Share of a layer that goes at most, 0.95 unless given. */
  readonly mostOfLayer?: number;
}

/**
 * The share that goes of each layer when one threshold over all of them takes a share of all weights: by |w|, or by
 * LAMP, `w_i² / sum of w_j² over j that are not smaller` (Lee et al., "Layer-adaptive Sparsity", 2021), which looks at
 * a layer's weights relative to each other.
 */
export function layerRatios(layers: readonly Float32Array[], options: LayerRatiosOptions): readonly number[] {
  const { ratio, score, mostOfLayer = 0.95 } = options;
  const sorted = layers.map((weights) => sortedScores(weights, score));
  const wanted = Math.min(ratio, mostOfLayer) * layers.reduce((sum, { length }) => sum + length, 0);
  const ratiosAt = (threshold: number) =>
    sorted.map((scores) =>
      scores.length === 0 ? 0 : Math.min(mostOfLayer, countBelow(scores, threshold) / scores.length),
    );
  const goneAt = (threshold: number) =>
    ratiosAt(threshold).reduce((sum, share, i) => sum + share * (layers[i]?.length ?? 0), 0);
  let [low, high] = [0, 1 + sorted.reduce((most, scores) => Math.max(most, scores.at(-1) ?? 0), 0)];
  for (let turn = 0; turn < 64; turn++) {
    const middle = (low + high) / 2;
    if (goneAt(middle) <= wanted) low = middle;
    else high = middle;
  }
  return mixed(ratiosAt(low), ratiosAt(high), { from: goneAt(low), to: goneAt(high), wanted });
}

/** Many equal scores go or stay together: between the two the share that is wanted of them. */
function mixed(
  fewer: readonly number[],
  more: readonly number[],
  { from, to, wanted }: { readonly from: number; readonly to: number; readonly wanted: number },
): readonly number[] {
  const part = to > from ? Math.min(1, (wanted - from) / (to - from)) : 0;
  return fewer.map((share, i) => share + part * ((more[i] ?? share) - share));
}

function sortedScores(weights: Float32Array, score: GlobalWeightScore): Float32Array {
  const scores = weights.map(Math.abs).toSorted();
  if (score === 'magnitude') return scores;
  let rest = 0;
  for (let i = scores.length - 1; i >= 0; i--) {
    const square = (scores[i] ?? 0) ** 2;
    rest += square;
    scores[i] = rest === 0 ? 0 : square / rest;
  }
  return scores;
}

function countBelow(sorted: Float32Array, threshold: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < threshold) low = middle + 1;
    else high = middle;
  }
  return low;
}
