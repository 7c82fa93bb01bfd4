import type { BenchResult } from '../bench/bench-result.ts';
import type { LoadRun, MaxRate } from '../bench/load/load-result.ts';
import type { Factors, LabeledPoint } from './bench-factors.ts';
import { pointName } from './bench-factors.ts';
import type { Fact } from './fact.ts';
import { count, formatMs, formatNumber } from './units.ts';

/** What a table of loads means, and the highest rate of each point of which it was searched. */
export function loadFacts({ settings }: BenchResult, rows: readonly LabeledPoint[], factors: Factors): readonly Fact[] {
  const loads = rows.flatMap(({ point }) => point.loads ?? []);
  const searches = rows.flatMap((row): Fact[] => {
    const { maxRate } = row.point;
    if (maxRate === undefined) return [];
    const name = factors.varying.length === 0 ? '' : `${pointName(row, factors)}: `;
    return [{ label: 'Max rate', text: `${name}${maxRateText(maxRate)}` }];
  });
  const { objective } = settings;
  const wanted =
    objective === undefined || loads.length === 0
      ? []
      : [{ label: 'Objective', text: `p${objective.percentile} from arrival within ${formatMs(objective.limitMs)}` }];
  return [...wanted, ...searches, ...(loads.length === 0 ? [] : [loadFact(loads)])];
}

function loadFact(loads: readonly LoadRun[]): Fact {
  const scheduled = loads.filter(({ offeredPerSecond }) => offeredPerSecond !== null);
  const names = [...new Set(scheduled.map(({ arrivals }) => arrivals))];
  const own = names.length === 1 ? `${names.join('')} arrivals, ` : '';
  const late = scheduled.flatMap(({ generatorLatenessMs: { p99 } }) => p99 ?? []);
  const issued = late.length === 0 ? '' : `; issued late by ${formatMs(Math.max(...late))} at worst (p99)`;
  return { label: 'Load', text: `${own}open loop, from the scheduled arrival on; service is the run alone${issued}` };
}

function maxRateText({ status, perSecond, objective, probes }: MaxRate): string {
  const { value, high } = perSecond;
  const wanted = `p${objective.percentile} within ${formatMs(objective.limitMs)}`;
  const runs = count(probes.length, 'run');
  if (status === 'interrupted') return `${bracketText(perSecond)} for ${wanted} when it was interrupted (${runs})`;
  if (value === null && status === 'generator-limited')
    return `not known: requests could not be issued in time (${runs})`;
  if (value === null) return `no rate that was tried meets ${wanted}${probes.length === 0 ? '' : ` (${runs})`}`;
  const upper = high === null ? '' : `; ${formatNumber(high)}/s surely misses it`;
  return `${formatNumber(value)}/s meets ${wanted}, ${statusText(status)} (${runs})${upper}`;
}

function statusText(status: MaxRate['status']): string {
  if (status === 'confirmed') return 'confirmed in a run of twice the length';
  return status === 'generator-limited' ? 'and more could not be issued' : 'left open by a run of twice the length';
}

function bracketText({ value, high }: MaxRate['perSecond']): string {
  if (value === null)
    return high === null ? 'nothing was known' : `below ${formatNumber(high)}/s, which did not meet it,`;
  const upper = high === null ? '' : ` and below ${formatNumber(high)}/s, which did not meet it,`;
  return `at least ${formatNumber(value)}/s${upper}`;
}
