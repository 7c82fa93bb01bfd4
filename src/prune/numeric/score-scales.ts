/** Scores of one group over their mean, so that they can be ranked among those of others; as they are where it is 0. */
export function relativeToMean(scores: Float64Array): Float64Array {
  const mean = meanOf(scores);
  return mean === 0 ? scores.slice() : scores.map((score) => score / mean);
}

function meanOf(scores: Float64Array): number {
  return scores.length === 0 ? 0 : scores.reduce((sum, score) => sum + score, 0) / scores.length;
}
