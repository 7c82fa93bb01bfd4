import { meanStatistic } from '../../stats/bootstrap.ts';
import { growingNumbers } from '../growing-array.ts';
import { numbersOfLabel } from './label-numbers.ts';
import type { Metric } from './metric.ts';

type Compare = (found: ArrayLike<number>, expected: ArrayLike<number>) => number;

/** Mean over samples of the mean squared error of a sample's elements. */
export function meanSquaredError(): Metric {
  return meanOverRows({ name: 'mse', higherIsBetter: false, isShare: false, compare: squaredError });
}

/** Mean over samples of the cosine of the angle between output and label. */
export function meanCosine(): Metric {
  return meanOverRows({ name: 'cosine', higherIsBetter: true, isShare: true, compare: cosineOf });
}

interface RowMetric {
  readonly name: string;
  readonly higherIsBetter: boolean;
  readonly isShare: boolean;
  readonly compare: Compare;
}

function meanOverRows({ name, higherIsBetter, isShare, compare }: RowMetric): Metric {
  const values = growingNumbers();
  return {
    add({ rows, labels, originOf }) {
      for (let i = 0; i < rows.count; i++) {
        const label = labels?.[i];
        if (label === undefined) continue;
        const found = rows.values.subarray(i * rows.rowLength, (i + 1) * rows.rowLength);
        values.push(
          compare(
            found,
            numbersOfLabel(label, rows.rowLength, () => originOf(i)),
          ),
        );
      }
    },
    result() {
      const scores = values.view();
      const statistic = meanStatistic(scores);
      return { name, higherIsBetter, isShare, scores: { kind: 'corpus', size: scores.length, statistic } };
    },
  };
}

function squaredError(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < found.length; i++) sum += ((found[i] ?? Number.NaN) - (expected[i] ?? Number.NaN)) ** 2;
  return sum / found.length;
}

/** Of two vectors of equal length; 1 for two that are 0, 0 where only one is. */
export function cosineOf(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i] ?? Number.NaN, b[i] ?? Number.NaN];
    ab += x * y;
    aa += x * x;
    bb += y * y;
  }
  if (aa === 0 && bb === 0) return 1;
  return aa === 0 || bb === 0 ? 0 : ab / Math.sqrt(aa * bb);
}
