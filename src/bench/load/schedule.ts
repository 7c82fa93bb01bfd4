import { UsageError } from '../../errors.ts';
import { traceGap, unitArrivals } from '../../stats/arrivals.ts';
import type { ArrivalPattern } from '../../stats/arrivals.ts';
import { askedText } from './load-settings.ts';
import type { AskedRate, LoadSettings } from './load-settings.ts';

/** When requests arrive. */
export interface Schedule {
  /** Ascending, in ms from the start. */
  readonly arrivalsMs: Float64Array;
  /** Null where all arrive at once. */
  readonly offeredPerSecond: number | null;
}

export interface ScheduleRequest {
  readonly perSecond: number;
  readonly requests: number;
  readonly seed: number;
}

/** Of a run under load. */
export const defaultDurationMs = 10_000;
/** Most requests of a run: their times take some 100 MB then. */
const mostRequests = 2_000_000;

/** A number of requests at a rate, by a pattern that the rate only stretches. */
export function scheduleAt(pattern: ArrivalPattern, { perSecond, requests, seed }: ScheduleRequest): Schedule {
  const gapMs = 1000 / perSecond;
  return {
    arrivalsMs: unitArrivals(pattern, requests, seed).map((time) => time * gapMs),
    offeredPerSecond: perSecond,
  };
}

/** How long a run takes: as long as it was told, else a trace once and 10 s of anything else. */
export function durationMs({ arrivals, durationMs: told }: LoadSettings, perSecond: number): number {
  if (told !== null) return told;
  return arrivals.kind === 'trace' ? (arrivals.timesMs.length * 1000) / perSecond : defaultDurationMs;
}

/** Requests a second that a rate means, where the closed loop reaches `closedPerSecond`. */
export function perSecondOf(rate: AskedRate, { arrivals }: LoadSettings, closedPerSecond: number): number {
  if (rate.kind === 'rate') return rate.perSecond;
  if (rate.kind === 'share') return rate.share * closedPerSecond;
  if (rate.kind === 'recorded' && arrivals.kind === 'trace') return 1000 / traceGap(arrivals.timesMs);
  return closedPerSecond;
}

/** Refuses rates that are known before anything is measured and are too high. Throws UsageError 'rate-unissuable'. */
export function checkRates(settings: LoadSettings): void {
  for (const rate of settings.rates)
    if (rate.kind === 'rate' || rate.kind === 'recorded') requestsOf(rate, settings, 0);
}

function requestsOf(rate: AskedRate, settings: LoadSettings, closedPerSecond: number): number {
  const perSecond = perSecondOf(rate, settings, closedPerSecond);
  const lengthMs = durationMs(settings, perSecond);
  const requests = Math.max(1, Math.round((perSecond * lengthMs) / 1000));
  const asked = askedText(rate);
  if (requests <= mostRequests) return requests;
  throw new UsageError('rate-unissuable', { asked, requests, durationMs: lengthMs, most: mostRequests });
}

/** The schedule of a rate. Throws UsageError 'rate-unissuable'. */
export function scheduleOf(
  rate: AskedRate,
  settings: LoadSettings,
  { closedPerSecond, seed }: { readonly closedPerSecond: number; readonly seed: number },
): Schedule {
  const perSecond = perSecondOf(rate, settings, closedPerSecond);
  const requests = requestsOf(rate, settings, closedPerSecond);
  if (rate.kind === 'max') return { arrivalsMs: new Float64Array(requests), offeredPerSecond: null };
  return scheduleAt(settings.arrivals, { perSecond, requests, seed });
}
