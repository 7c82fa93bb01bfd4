import { bootstrap } from '../stats/bootstrap.ts';
import type { Interval } from '../stats/interval.ts';
import { intervalAtSamples } from '../stats/samples-to-decide.ts';
import type { Random } from '../stats/seeded-random.ts';
import type { ClosenessRecords } from './closeness.ts';
import { estimateOf } from './estimate.ts';
import type { SqnrGoal } from './evaluate-result.ts';
import { ratioStatistic } from './ratio-statistic.ts';
import { judge } from './verdict-of.ts';

/** What SQNR is made of; a part of {@link ClosenessRecords}. */
export type SignalRecords = Pick<ClosenessRecords, 'output' | 'errors' | 'references'>;

/**
 * Signal to quantization noise ratio with its bootstrap interval over samples, 10 log10(sum of r^2 / sum of (r - x)^2)
 * in dB: infinite for equal outputs.
 */
export function sqnrInterval({ errors, references }: SignalRecords, random: Random): Interval {
  // Of noise over signal, which is finite also for resamples that hold no noise.
  const { value, low, high } = bootstrap(errors.length, ratioStatistic(errors, references), { random }).interval;
  return {
    value: decibels(value),
    low: high === null ? null : decibels(high),
    high: low === null ? null : decibels(low),
  };
}

/** Whether an output is as close to the reference's as `--min-sqnr` wants; a noise that is not finite fails. */
export function judgeSqnr(minDb: number, records: SignalRecords, random: Random): SqnrGoal {
  const sqnr = sqnrInterval(records, random);
  const samples = records.errors.length;
  const shared = { output: records.output, minDb, samples, exact: sqnr.value === Infinity };
  if (Number.isNaN(sqnr.value) || sqnr.value === -Infinity) {
    return { ...shared, sqnrDb: null, verdict: 'fail', samplesToDecide: null };
  }
  if (shared.exact) return { ...shared, sqnrDb: null, verdict: 'pass', samplesToDecide: null };
  const interval = negated(sqnr);
  const intervalAt = intervalAtSamples(interval, samples);
  return { ...shared, sqnrDb: estimateOf(sqnr), ...judge({ interval, samples, intervalAt }, -minDb) };
}

/** Noise over signal in dB, upside down. */
function decibels(ratio: number): number {
  return ratio === 0 ? Infinity : -10 * Math.log10(ratio);
}

/** Higher is better, but limits hold what should stay low. */
function negated({ value, low, high }: Interval): Interval {
  return { value: -value, low: high === null ? null : -high, high: low === null ? null : -low };
}
