import type { ArrivalPattern, Load } from '../load.ts';
import { traceGap } from '../../stats/arrivals.ts';
import { hoursPerMonth } from '../vocabulary.ts';
import { profileOf } from './diurnal.ts';
import type { ProfileDescription } from './diurnal.ts';

interface LoadDescription {
  /** Requests a second, over the whole month. */
  readonly rps?: number;
  readonly requestsPerMonth?: number;
  readonly profile: ProfileDescription | null;
  readonly arrivals: ArrivalPattern;
  readonly cacheHit: number;
}

const secondsPerMonth = hoursPerMonth * 3600;

/**
 * What users ask of the service. A trace of arrivals has a rate of its own, which holds where none is told.
 *
 * @throws UsageError for a profile that there is not
 * @throws RangeError where nothing tells a rate
 */
export function loadOf(description: LoadDescription): Load {
  const { profile, arrivals, cacheHit } = description;
  const meanPerSecond = rateOf(description);
  const hourly = profile === null ? null : profileOf(profile);
  return {
    meanPerSecond,
    peakPerSecond: meanPerSecond * Math.max(...(hourly ?? [1])),
    requestsPerMonth: description.requestsPerMonth ?? meanPerSecond * secondsPerMonth,
    hourly,
    arrivals,
    cacheHit,
  };
}

function rateOf({ rps, requestsPerMonth, arrivals }: LoadDescription): number {
  if (rps !== undefined) return rps;
  if (requestsPerMonth !== undefined) return requestsPerMonth / secondsPerMonth;
  if (arrivals.kind === 'trace') return 1000 / traceGap(arrivals.timesMs);
  throw new RangeError('a load needs a rate');
}
