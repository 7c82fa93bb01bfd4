import type { SampleRows } from './sample-rows.ts';

/**
 * Samples with NaN or infinity in an output. -Infinity is left alone where it is a score: it masks a class.
 * @returns positions in the batch
 */
export function samplesNotFinite({ values, rowLength, count }: SampleRows, allowMasks: boolean): readonly number[] {
  const bad: number[] = [];
  for (let sample = 0; sample < count; sample++) {
    const end = (sample + 1) * rowLength;
    for (let i = sample * rowLength; i < end; i++) {
      const value = values[i] ?? 0;
      // What is less than infinity is a number or a mask; NaN is not less than anything.
      if (value < Infinity && (allowMasks || value > -Infinity)) continue;
      bad.push(sample);
      break;
    }
  }
  return bad;
}
