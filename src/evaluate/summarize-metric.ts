import { bootstrap } from '../stats/bootstrap.ts';
import type { Interval } from '../stats/interval.ts';
import { mcnemar } from '../stats/mcnemar.ts';
import { pairedProportionInterval } from '../stats/paired-proportion-interval.ts';
import type { Random } from '../stats/seeded-random.ts';
import { wilsonInterval } from '../stats/wilson-interval.ts';
import { estimateOf } from './estimate.ts';
import type { EvaluatedMetric } from './evaluate-result.ts';
import { areAnswers, paired, sizeOf } from './metric-value.ts';
import type { MetricScores, SampleScores } from './metrics/metric.ts';
import { differenceInterval, shareInterval } from './uniform-answers.ts';

/**
 * A metric with its interval, Wilson's for shares of samples and the bootstrap else; and against a reference, the
 * difference model - reference with McNemar's test or the paired bootstrap.
 */
export function summarizeMetric(metric: MetricScores, reference: MetricScores | null, random: Random): EvaluatedMetric {
  const { name, higherIsBetter, scores } = metric;
  return {
    name,
    higherIsBetter,
    value: estimateOf(intervalOf(scores, random)),
    samples: sizeOf(scores),
    reference:
      reference === null
        ? null
        : {
            value: estimateOf(intervalOf(reference.scores, random)),
            ...differenceOf(scores, reference.scores, random),
          },
  };
}

/** Of the metric over all samples: 95 %. */
export function intervalOf(scores: SampleScores, random: Random): Interval {
  if (scores.kind === 'corpus') {
    const { interval } = bootstrap(scores.size, scores.statistic, { random });
    return scores.ofAnswers === true ? shareInterval(interval, scores.size) : interval;
  }
  const hits = scores.hits.reduce((sum, hit) => sum + hit, 0);
  return wilsonInterval(hits, scores.hits.length);
}

function differenceOf(model: SampleScores, reference: SampleScores, random: Random) {
  const pair = paired(model, reference);
  if (pair.kind === 'proportion') {
    const test = { name: 'mcnemar', p: mcnemar(pair.onlyFirst, pair.onlySecond) } as const;
    return { difference: estimateOf(pairedProportionInterval(pair)), test };
  }
  const statistic = (picked: Uint32Array | null): number => pair.first(picked) - pair.second(picked);
  const { interval, pValue } = bootstrap(sizeOf(model), statistic, { random });
  const p = pValue(0);
  const test = { name: 'paired-bootstrap', p: Number.isNaN(p) ? null : p } as const;
  const difference = areAnswers(model, reference) ? differenceInterval(interval, sizeOf(model)) : interval;
  return { difference: estimateOf(difference), test };
}
