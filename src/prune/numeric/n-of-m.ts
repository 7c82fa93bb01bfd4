import { markLowestFew } from './lowest.ts';
import type { SparsePattern, WeightRows } from './sparse-weights.ts';

/**
 * Columns of a weight `[outputs, inputs * taps]` in the order in which neighbors along the inputs stand together: tap
 * after tap, and all inputs of each. A kernel's places are not what a product adds up over last.
 */
export function alongInputs({ inputs, taps }: Pick<WeightRows, 'inputs' | 'taps'>): Int32Array {
  return Int32Array.from({ length: inputs * taps }, (_, place) => (place % inputs) * taps + Math.floor(place / inputs));
}

/** Whether groups of `of` inputs come out even. Others are best left dense: who computes with patterns refuses them. */
export function holdsPattern({ inputs }: Pick<WeightRows, 'inputs'>, { keep, of }: SparsePattern): boolean {
  return keep > 0 && keep < of && inputs % of === 0;
}

/**
 * Marks with 1, in each group of `of` neighbors along the inputs, all but the `keep` highest scores. Scores are
 * `[outputs, inputs * taps]`. Throws RangeError where groups do not come out even.
 */
export function outsidePattern(scores: Float64Array, weight: WeightRows, pattern: SparsePattern): Uint8Array {
  requirePattern(weight, pattern);
  const { keep, of } = pattern;
  const order = alongInputs(weight);
  const marks = new Uint8Array(scores.length);
  const group = new Float64Array(of);
  const goes = new Uint8Array(of);
  for (let row = 0; row < scores.length; row += order.length) {
    for (let start = 0; start < order.length; start += of) {
      for (let i = 0; i < of; i++) group[i] = scores[row + (order[start + i] ?? 0)] ?? 0;
      markLowestFew(group, of - keep, goes);
      for (let i = 0; i < of; i++) marks[row + (order[start + i] ?? 0)] = goes[i] ?? 0;
    }
  }
  return marks;
}

export function requirePattern(weight: WeightRows, pattern: SparsePattern): void {
  if (!holdsPattern(weight, pattern))
    throw new RangeError(`${weight.inputs} inputs hold no pattern of ${pattern.keep}:${pattern.of}`);
}
