import type { SampleRows } from './sample-rows.ts';

/** Whether each stretch of `classes` elements is a distribution: none below 0, together 1. */
export function areProbabilities({ values, rowLength, count }: SampleRows, classes: number): boolean {
  const end = count * rowLength;
  for (let from = 0; from < end; from += classes) {
    let sum = 0;
    for (let i = from; i < from + classes; i++) {
      const value = values[i] ?? Number.NaN;
      if (!(value >= 0)) return false;
      sum += value;
    }
    // Half-precision sums over thousands of classes are off by that much.
    if (!(Math.abs(sum - 1) < 0.01)) return false;
  }
  return true;
}
