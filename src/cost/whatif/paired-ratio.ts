import type { Interval } from '../../stats/interval.ts';
import { quantileOfSorted } from '../../stats/quantile.ts';
import type { CostOption } from '../cost-result.ts';
import { meanRatio } from '../queue/batch-stability.ts';
import type { ServiceCurve, TimeByBatch } from '../service/service-curve.ts';

/** An option and the curve that it rests on. */
export interface CurvedOption {
  readonly option: CostOption;
  readonly curve: ServiceCurve;
  /** The saved result of the curve: rounds of one result were taken together. */
  readonly result: string;
}

/**
 * Cost of one option over that of another where both rest on rounds that were taken together, on one kind of machine
 * bought in one way: what slowed a round slowed both, and how far a projection is off it is off for both, so that neither
 * counts. Null elsewhere, and where a fleet of whole machines lies between time and cost.
 */
export function pairedRatio(other: CurvedOption, first: CurvedOption): Interval | null {
  if (!areComparable(other, first)) return null;
  const value = other.option.usdPerMillion.value / first.option.usdPerMillion.value;
  const means = meanRatio(other.curve.ratios) / meanRatio(first.curve.ratios);
  const ratioOf = (own: TimeByBatch, against: TimeByBatch) => (means * itemTime(other, own)) / itemTime(first, against);
  // Only where cost follows the time of an item and nothing else.
  if (Math.abs(ratioOf(other.curve, first.curve) / value - 1) > 1e-6) return null;
  const draws = Float64Array.from(other.curve.draws, (times, draw) =>
    ratioOf(times, first.curve.draws[draw] ?? first.curve),
  ).toSorted();
  return {
    value,
    low: Math.min(value, quantileOfSorted(draws, 0.025)),
    high: Math.max(value, quantileOfSorted(draws, 0.975)),
  };
}

function areComparable(other: CurvedOption, first: CurvedOption): boolean {
  const { draws } = other.curve;
  if (other.result !== first.result || draws.length === 0 || draws.length !== first.curve.draws.length) return false;
  const [one, two] = [other.option, first.option];
  return one.instance === two.instance && one.region === two.region && one.purchase === two.purchase;
}

/** Proportional to the machine time that an item takes. */
function itemTime({ option }: CurvedOption, times: TimeByBatch): number {
  return times.msAt(option.batch) / option.batch / option.replicasPerMachine;
}

/** What is saved of a cost by paying a share of it: corner by corner, wide enough however both err together. */
export function savingOf(cost: Interval, ratio: Interval): Interval {
  const value = cost.value * (1 - ratio.value);
  if (cost.low === null || cost.high === null || ratio.low === null || ratio.high === null)
    return { value, low: null, high: null };
  const corners = [cost.low, cost.high].flatMap((paid) => [ratio.low ?? 0, ratio.high ?? 0].map((r) => paid * (1 - r)));
  return { value, low: Math.min(...corners), high: Math.max(...corners) };
}
