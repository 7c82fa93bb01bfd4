import type { Estimate } from '../result/envelope.ts';
import { bootstrap, meanStatistic } from '../stats/bootstrap.ts';
import { mcnemar } from '../stats/mcnemar.ts';
import { pairedProportionInterval } from '../stats/paired-proportion-interval.ts';
import { createRandom } from '../stats/seeded-random.ts';
import { wilsonInterval } from '../stats/wilson-interval.ts';
import type { DistillFigures, PairedDifference } from './distill-result.ts';
import type { Scores } from './held-out.ts';

export function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Means with 95 % intervals: Wilson's where every sample is right or wrong, else by bootstrap. */
export function figuresOf({ loss, metric }: Scores, seed: number): DistillFigures {
  return { loss: meanEstimate(loss, seed), metric: meanEstimate(metric, seed) };
}

/** The mean of one number a sample. */
export function meanEstimate(values: Float64Array, seed: number): Estimate {
  if (areHits(values)) return { ...wilsonInterval(countOf(values), values.length) };
  const random = createRandom(seed, 'bootstrap');
  return { ...bootstrap(values.length, meanStatistic(values), { random }).interval };
}

/** What changed from one student to another on the same samples. */
export function differencesOf(after: Scores, before: Scores, seed: number) {
  return { loss: differenceOf(after.loss, before.loss, seed), metric: differenceOf(after.metric, before.metric, seed) };
}

function differenceOf(after: Float64Array, before: Float64Array, seed: number): PairedDifference {
  if (areHits(after) && areHits(before)) return hitDifference(after, before);
  const random = createRandom(seed, 'bootstrap');
  const differences = after.map((value, index) => value - (before[index] ?? 0));
  const { interval, pValue } = bootstrap(differences.length, meanStatistic(differences), { random });
  const p = pValue(0);
  return { difference: { ...interval }, test: { name: 'paired-bootstrap', p: Number.isNaN(p) ? null : p } };
}

function hitDifference(after: Float64Array, before: Float64Array): PairedDifference {
  const onlyFirst = countOf(after.map((hit, index) => (hit === 1 && before[index] === 0 ? 1 : 0)));
  const onlySecond = countOf(after.map((hit, index) => (hit === 0 && before[index] === 1 ? 1 : 0)));
  const difference = pairedProportionInterval({ onlyFirst, onlySecond, n: after.length });
  return { difference: { ...difference }, test: { name: 'mcnemar', p: mcnemar(onlyFirst, onlySecond) } };
}

function areHits(values: Float64Array): boolean {
  return values.every((value) => value === 0 || value === 1);
}

function countOf(hits: Float64Array): number {
  return hits.reduce((sum, hit) => sum + hit, 0);
}
