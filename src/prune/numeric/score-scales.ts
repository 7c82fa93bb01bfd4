/** Scores of one group over their mean, so that they can be ranked among those of others; as they are where it is 0. */
export function relativeToMean(scores: Float64Array): Float64Array {
  const mean = meanOf(scores);
  return mean === 0 ? scores.slice() : scores.map((score) => score / mean);
}

/** (s - mean) / deviation, as FLAP has it (An et al. 2024); all 0 where no score differs. */
export function standardized(scores: Float64Array): Float64Array {
  const mean = meanOf(scores);
  const deviation = Math.sqrt(meanOf(scores.map((score) => (score - mean) ** 2)));
  return scores.map((score) => (deviation === 0 ? 0 : (score - mean) / deviation));
}

function meanOf(scores: Float64Array): number {
  return scores.length === 0 ? 0 : scores.reduce((sum, score) => sum + score, 0) / scores.length;
}
