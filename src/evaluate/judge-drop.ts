import { bootstrap, type Statistic } from '../stats/bootstrap.ts';
import type { Interval } from '../stats/interval.ts';
import { mcnemar } from '../stats/mcnemar.ts';
import { pairedProportionInterval } from '../stats/paired-proportion-interval.ts';
import { intervalAtSamples } from '../stats/samples-to-decide.ts';
import type { Random } from '../stats/seeded-random.ts';
import { wilsonInterval } from '../stats/wilson-interval.ts';
import { type DropLimit, thresholdOf } from './drop-limit.ts';
import { estimateOf } from './estimate.ts';
import type { Drop } from './evaluate-result.ts';
import type { MetricScores, SampleScores } from './metrics/metric.ts';
import { areAnswers, metricValue, paired, sizeOf } from './metric-value.ts';
import { ratioStatistic } from './ratio-statistic.ts';
import { differenceInterval, isUniform, shareInterval } from './uniform-answers.ts';
import { judge } from './verdict-of.ts';

/** What two models got on the same samples in the same order, by what there is to hold them to. */
export type DropEvidence =
  /** A metric of the original and of the model that is judged. */
  | { readonly kind: 'metric'; readonly base: MetricScores; readonly head: MetricScores }
  /** Without labels, for classifiers: how far they agree on each sample's class. */
  | { readonly kind: 'agreement'; readonly agreements: SampleScores }
  /** Without labels: sums over each sample's elements of (y - y')^2 and of y^2. */
  | { readonly kind: 'error'; readonly errors: Float64Array; readonly references: Float64Array };

export interface DropRequest {
  readonly limit: DropLimit;
  readonly evidence: DropEvidence;
  /** For the bootstrap. */
  readonly random: Random;
}

/** A drop before it is held against a limit. Positive is worse. */
interface MeasuredDrop {
  readonly of: string;
  /** Null where it means nothing: relative to a reference of 0 or less. */
  readonly interval: Interval | null;
  readonly samples: number;
  readonly isShare: boolean;
  readonly test: Drop['test'];
  intervalAt(samples: number): Interval;
}

/**
 * Whether a model is worse than the original by more than is allowed: `--max-drop`. The drop is that of the metric,
 * in points or relative to the original's; without labels it is 1 - argmax agreement for classifiers, else
 * ||y - y'|| / ||y||. Searches rank by `drop.value`; the verdict is the paired 95 % interval's: pass when its upper
 * bound is within the limit, fail when its lower bound is beyond it, else inconclusive. A figure that is not finite,
 * the original's being so, fails.
 * @throws RangeError when the two were not scored on the same samples
 */
export function judgeDrop({ limit, evidence, random }: DropRequest): Drop {
  const measured = measure(evidence, limit.kind === 'relative', random);
  const { of, interval, samples, test, isShare } = measured;
  const threshold = thresholdOf(limit, isShare);
  const shared = { of, limit, threshold, samples, test };
  if (interval === null) return { ...shared, drop: null, verdict: 'inconclusive', samplesToDecide: null };
  if (!Number.isFinite(interval.value)) return { ...shared, drop: null, verdict: 'fail', samplesToDecide: null };
  const { intervalAt } = measured;
  return { ...shared, drop: estimateOf(interval), ...judge({ interval, samples, intervalAt }, threshold) };
}

function measure(evidence: DropEvidence, isRelative: boolean, random: Random): MeasuredDrop {
  switch (evidence.kind) {
    case 'metric':
      return dropOfMetric(evidence, isRelative, random);
    case 'agreement':
      return disagreement(evidence.agreements, random);
    case 'error': {
      const { errors, references } = evidence;
      const ratio = ratioStatistic(errors, references);
      const statistic: Statistic = (picked) => Math.sqrt(ratio(picked));
      return { of: 'relative-error', ...byBootstrap(errors.length, statistic, random), isShare: true };
    }
  }
}

interface MetricPair {
  readonly base: MetricScores;
  readonly head: MetricScores;
}

function dropOfMetric({ base, head }: MetricPair, isRelative: boolean, random: Random): MeasuredDrop {
  const { name: of, isShare, higherIsBetter } = base;
  const reference = metricValue(base);
  const samples = sizeOf(base.scores);
  if (!Number.isFinite(reference) || (isRelative && reference <= 0)) {
    const test = { name: 'paired-bootstrap', p: null } as const;
    return { of, isShare, samples, interval: null, test, intervalAt: intervalAtSamples(undecided, samples) };
  }
  const pair = paired(base.scores, head.scores);
  if (pair.kind === 'proportion') {
    const { onlyFirst, onlySecond, n } = pair;
    const scale = isRelative ? reference : 1;
    const intervalAt = (count: number): Interval => {
      const share = count / n;
      const counts = { onlyFirst: onlyFirst * share, onlySecond: onlySecond * share, n: count };
      return scaled(pairedProportionInterval(counts), scale);
    };
    const test = { name: 'mcnemar', p: mcnemar(onlyFirst, onlySecond) } as const;
    return { of, isShare, samples, interval: intervalAt(n), test, intervalAt };
  }
  const sign = higherIsBetter ? 1 : -1;
  const statistic: Statistic = (picked) => {
    const original = pair.first(picked);
    const drop = sign * (original - pair.second(picked));
    return isRelative ? drop / original : drop;
  };
  const bootstrapped = byBootstrap(samples, statistic, random);
  if (areAnswers(base.scores, head.scores) && isUniform(bootstrapped.interval)) {
    const scale = isRelative ? reference : 1;
    const intervalAt = (count: number) => scaled(differenceInterval(bootstrapped.interval, count), scale);
    const test = { ...bootstrapped.test, name: 'paired-bootstrap' } as const;
    return { of, isShare, samples, interval: intervalAt(samples), test, intervalAt };
  }
  return { of, isShare, ...bootstrapped, test: { ...bootstrapped.test, name: 'paired-bootstrap' } };
}

const undecided: Interval = { value: Number.NaN, low: null, high: null };

function scaled({ value, low, high }: Interval, scale: number): Interval {
  return { value: value / scale, low: low === null ? null : low / scale, high: high === null ? null : high / scale };
}

function disagreement(agreements: SampleScores, random: Random): MeasuredDrop {
  const shared = { of: 'argmax-agreement', isShare: true };
  if (agreements.kind === 'corpus') {
    const statistic: Statistic = (picked) => 1 - agreements.statistic(picked);
    const { test, ...drop } = byBootstrap(agreements.size, statistic, random);
    const { interval, intervalAt, samples } = drop;
    const open = isUniform(interval) ? (count: number) => shareInterval(interval, count) : intervalAt;
    return { ...shared, samples, interval: open(samples), intervalAt: open, test: { ...test, p: null } };
  }
  const n = agreements.hits.length;
  const apart = n - agreements.hits.reduce((sum, hit) => sum + hit, 0);
  const intervalAt = (count: number): Interval => wilsonInterval((apart / n) * count, count);
  return { ...shared, samples: n, interval: intervalAt(n), test: { name: 'wilson', p: null }, intervalAt };
}

function byBootstrap(samples: number, statistic: Statistic, random: Random) {
  const { interval, pValue } = bootstrap(samples, statistic, { random });
  const p = pValue(0);
  const test: Drop['test'] = { name: 'bootstrap', p: Number.isNaN(p) ? null : p };
  return { samples, interval, test, intervalAt: intervalAtSamples(interval, samples) };
}
