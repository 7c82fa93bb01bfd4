import { spearmanStatistic } from '../../stats/spearman.ts';
import { growingNumbers } from '../growing-array.ts';
import type { SampleRows } from '../sample-rows.ts';
import { numbersOfLabel } from './label-numbers.ts';
import type { Metric } from './metric.ts';
import { pooledRow } from './pooled-row.ts';
import { cosineOf } from './row-metrics.ts';

/**
 * Spearman's correlation of labels with what the model says of each sample: its score, or for pairs of texts the cosine
 * of their two embeddings.
 */
export function rankCorrelation(): Metric {
  const found = growingNumbers();
  const actual = growingNumbers();
  return {
    add(batch) {
      const { rows, labels, originOf } = batch;
      for (let i = 0; i < rows.count; i++) {
        const label = labels?.[i];
        if (label === undefined) continue;
        const [value = Number.NaN] = numbersOfLabel(label, 1, () => originOf(i));
        actual.push(value);
        found.push(batch.pair === null ? scoreOf(rows, i) : cosineOf(pooledRow(batch, i), pooledRow(batch.pair, i)));
      }
    },
    result: () => ({
      name: 'spearman',
      higherIsBetter: true,
      isShare: true,
      scores: { kind: 'corpus', size: found.size, statistic: spearmanStatistic(found.view(), actual.view()) },
    }),
  };
}

function scoreOf({ values }: SampleRows, sample: number): number {
  return values[sample] ?? Number.NaN;
}
