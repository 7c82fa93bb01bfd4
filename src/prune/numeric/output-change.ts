import { quadraticForms } from '../../stats/quadratic-forms.ts';

/** Weights `[outputs, columns]` before and after, and the gram matrix of what they multiply. */
export interface WeightChange {
  readonly before: Float32Array;
  readonly after: Float32Array;
  readonly outputs: number;
  readonly gram: Float64Array;
}

/** What outputs change by, squares over squares; 0 where there is nothing to change. */
export function outputChange({ before, after, outputs, gram }: WeightChange): number {
  const k = before.length / outputs;
  const sum = (rows: Float64Array) => quadraticForms({ rows, count: outputs, k }, gram).reduce((a, b) => a + b, 0);
  const changed = sum(Float64Array.from(before, (weight, i) => weight - (after[i] ?? 0)));
  const energy = sum(Float64Array.from(before));
  return energy > 0 ? changed / energy : 0;
}
