import { growingBytes } from '../growing-array.ts';
import { classOfLabel } from './class-label.ts';
import type { Metric } from './metric.ts';

/** Share of samples whose class is among the k with the highest scores; of equal scores the lower class comes first. */
export function topK(k: number): Metric {
  const hits = growingBytes();
  return {
    add({ rows, labels, originOf }) {
      const { values, rowLength, count } = rows;
      for (let i = 0; i < count; i++) {
        const label = labels?.[i];
        if (label === undefined) continue;
        const truth = classOfLabel(label, rowLength, () => originOf(i));
        hits.push(placeOf(values.subarray(i * rowLength, (i + 1) * rowLength), truth) < k ? 1 : 0);
      }
    },
    result: () => ({
      name: `top${k}`,
      higherIsBetter: true,
      isShare: true,
      scores: { kind: 'proportion', hits: hits.view() },
    }),
  };
}

/** How many classes come before this one; more than there are where a score is NaN. */
function placeOf(scores: ArrayLike<number>, truth: number): number {
  const own = scores[truth] ?? Number.NaN;
  let before = 0;
  for (let i = 0; i < scores.length; i++) {
    const score = scores[i] ?? Number.NaN;
    if (Number.isNaN(score)) return Infinity;
    if (score > own || (score === own && i < truth)) before++;
  }
  return before;
}
