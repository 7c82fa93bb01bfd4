import { exactly } from '../../stats/combined-interval.ts';
import { normalCdf, normalQuantile } from '../../stats/normal.ts';
import { quantileOfSorted } from '../../stats/quantile.ts';
import type { CostSettings } from '../cost-settings.ts';
import type { ArrivalPattern } from '../load.ts';
import { loadFactor, meanRatio } from '../queue/batch-stability.ts';
import { erlangC } from '../queue/erlang.ts';
import { inoueLatencyBound } from '../queue/inoue.ts';
import { allenCunneenWait } from '../queue/many-servers.ts';
import { pollaczekKhinchineWait } from '../queue/single-server.ts';
import type { ServiceCurve } from '../service/service-curve.ts';
import { traceGap } from '../../stats/arrivals.ts';
import { percentileOf } from './fleet-times.ts';
import type { FleetCase, FleetTimes } from './fleet-times.ts';

/** What one replica sees, or all of them where they share a queue. */
interface Queue {
  readonly servers: number;
  /** Share of the capacity at full batches. */
  readonly load: number;
  readonly perMs: number;
  /** Variance of the gaps between arrivals over their squared mean; 1 for Poisson. */
  readonly squaredVariation: number;
  /** Mean service time over the median. */
  readonly slowdown: number;
}

interface Latencies {
  readonly meanMs: number;
  /** @param p fraction in (0, 1) */
  atMost(p: number): number;
}

/**
 * Latencies without simulation: the mean by queueing theory (without batches nearly exact, with them by Inoue's bound),
 * percentiles by bounds. Replicas are taken to be alone, but for single items and the fewest outstanding requests.
 */
export function closedFormTimes(curve: ServiceCurve, settings: CostSettings, fleet: FleetCase): FleetTimes {
  const queue = queueOf(curve, settings, fleet);
  const { meanMs, atMost } = fleet.batch === 1 ? singleItems(curve, queue) : batches(curve, queue, fleet.batch);
  const at = (percentile: number): number => Math.max(meanMs, atMost(percentile / 100)) + fleet.queueDelayMs;
  return {
    meanMs: exactly(meanMs + fleet.queueDelayMs),
    // Of latencies, whose tail is to the right.
    p50Ms: exactly(Math.min(meanMs + fleet.queueDelayMs, at(50))),
    p99Ms: exactly(at(99)),
    objectiveMs: exactly(at(percentileOf(settings))),
    busy: busyShare(curve, queue, fleet.batch),
    stable: queue.load < 1,
    method: 'closed-form',
  };
}

function queueOf(curve: ServiceCurve, settings: CostSettings, { batch, replicas, perSecond }: FleetCase): Queue {
  const { balancing, load } = settings;
  const perMs = perSecond / 1000;
  const { ratios } = curve;
  const square = squaredVariation(load?.arrivals ?? { kind: 'poisson' });
  const isShared = batch === 1 && balancing === 'least-outstanding';
  const split = balancing === 'round-robin' ? square / replicas : 1 + (square - 1) / replicas;
  return {
    servers: isShared ? replicas : 1,
    load: loadFactor({ service: curve, ratios, maxBatch: batch, replicas }, perMs),
    perMs: isShared ? perMs : perMs / replicas,
    squaredVariation: isShared ? square : split,
    slowdown: meanRatio(ratios),
  };
}

export function squaredVariation(arrivals: ArrivalPattern): number {
  if (arrivals.kind !== 'trace') return arrivals.kind === 'poisson' ? 1 : arrivals.variation ** 2;
  const { timesMs } = arrivals;
  const mean = traceGap(timesMs);
  let sum = 0;
  for (let i = 1; i < timesMs.length; i++) sum += ((timesMs[i] ?? 0) - (timesMs[i - 1] ?? 0) - mean) ** 2;
  return sum / (timesMs.length - 1) / (mean * mean);
}

/**
 * Waits of one server under Poisson arrivals exactly, else by Allen and Cunneen; their tail falls exponentially from the
 * probability to wait at all, at several servers as slowly as with exponential service.
 */
function singleItems(curve: ServiceCurve, queue: Queue): Latencies {
  const { servers, load, slowdown } = queue;
  const serviceMs = curve.msAt(1) * slowdown;
  const variations = { arrivals: queue.squaredVariation, service: variationOf(curve.ratios) };
  const waitMs =
    servers === 1 && variations.arrivals === 1
      ? pollaczekKhinchineWait({ load, serviceMs, squaredVariation: variations.service })
      : allenCunneenWait({ servers, load, serviceMs }, variations);
  const waiting = erlangC(servers, servers * load);
  const evenly = Math.max(1, (variations.arrivals + variations.service) / 2);
  const tailMs = servers === 1 ? waitMs / load : (evenly * serviceMs) / (servers * (1 - load));
  return {
    meanMs: serviceMs + waitMs,
    atMost: (p) => longest(curve, 1, p) + tailMs * exceeded(waiting, p),
  };
}

/**
 * A request that just misses a batch rides the next one: two full service times, of batches as large as they become. Where
 * items take most of the time of a batch it waits as without batches. Where batches cannot become large enough, what is
 * left waits as in heavy traffic, for ρ·τ(b) / (2b(1 - ρ)) on average.
 */
function batches(curve: ServiceCurve, queue: Queue, most: number): Latencies {
  const { load, perMs, slowdown } = queue;
  const bursts = Math.max(1, queue.squaredVariation);
  const tau0Ms = curve.tau0Ms * slowdown;
  const alphaMs = curve.alphaMs * slowdown;
  const itemLoad = Math.min(load, perMs * alphaMs);
  const usual = (perMs * tau0Ms) / (1 - itemLoad);
  // One batch collects what arrives during the one before it: an autoregression with the items' load as its coefficient.
  const spread = Math.sqrt((Math.max(usual, 1) * bursts) / (1 - itemLoad ** 2));
  const isFull = 1 - normalCdf((most - 1 - usual) / spread);
  const carriedMs = (load * curve.msAt(most) * slowdown * bursts) / (2 * most * (1 - load));
  const itemTailMs = (alphaMs * bursts) / (2 * (1 - itemLoad));
  return {
    meanMs: inoueLatencyBound({ ratePerMs: perMs, tau0Ms, alphaMs }) + isFull * carriedMs,
    atMost: (p) => {
      const large = Math.min(most, Math.max(1, Math.ceil(usual + normalQuantile(p) * spread)));
      const ridden = 2 * longest(curve, large, p) + carriedMs * exceeded(isFull, p);
      return Math.max(ridden, longest(curve, large, p) + itemTailMs * exceeded(itemLoad, p));
    },
  };
}

/** Where a share waits at all, and then exponentially: multiples of its mean that a share p of all does not exceed. */
function exceeded(waiting: number, p: number): number {
  return waiting > 1 - p ? Math.log(waiting / (1 - p)) : 0;
}

/** Of batches as large as become of what arrives while a server works: b = λ·τ(b). */
function busyShare(curve: ServiceCurve, { load, perMs, slowdown }: Queue, most: number): number {
  if (most === 1) return Math.min(1, load);
  const itemLoad = perMs * curve.alphaMs * slowdown;
  const usual = itemLoad < 1 ? (perMs * curve.tau0Ms * slowdown) / (1 - itemLoad) : most;
  const batch = Math.min(most, Math.max(1, usual));
  return Math.min(1, (perMs * (curve.tau0Ms + curve.alphaMs * batch) * slowdown) / batch);
}

/** Service time of a batch that a share of them does not exceed. */
function longest(curve: ServiceCurve, batch: number, p: number): number {
  return curve.msAt(batch) * (curve.ratios.length === 0 ? 1 : quantileOfSorted(curve.ratios, p));
}

function variationOf(ratios: Float64Array): number {
  if (ratios.length === 0) return 0;
  const mean = meanRatio(ratios);
  return ratios.reduce((sum, ratio) => sum + (ratio - mean) ** 2, 0) / ratios.length / (mean * mean);
}
