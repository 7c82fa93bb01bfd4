/**
 * How much a block changes its stream: 1 - mean cosine between the vectors that go in and those that come out, from 0
 * for none to 2 (Men and others, "ShortGPT: Layers in Large Language Models are More Redundant Than You Expect", 2024:
 * "block influence").
 * @param meanCosine between the values `input` and `output` of the block; null where nobody could measure it
 */
export function blockInfluence(meanCosine: number | null): number | null {
  if (meanCosine === null || Number.isNaN(meanCosine)) return null;
  // A cosine of float32 sums may be above 1 by a rounding.
  return Math.max(0, 1 - meanCosine);
}
