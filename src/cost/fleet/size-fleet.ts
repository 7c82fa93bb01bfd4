import type { Effort, FleetModel } from './fleet-model.ts';
import type { FleetTimes } from './fleet-times.ts';

/** What a fleet is to serve, in the time of the measuring machine. */
export interface Demand {
  /** Requests that reach the fleet in the busiest hour. */
  readonly perSecond: number;
  /** Of the objective; null for none. */
  readonly limitMs: number | null;
  /** How well the percentile is to be known. */
  readonly effort: Effort;
}

/** How a replica makes batches. */
export interface Batching {
  readonly batch: number;
  readonly queueDelayMs: number;
}

/** Replicas are this idle when more of them would hardly be faster. */
const leastUtilization = 1e-3;

/** Fleets of many replicas are sized to this share of them. */
const sizingTolerance = 0.005;

/** Replicas of which the load takes at most the target utilization, at full batches. */
export function capacityReplicas(model: FleetModel, perSecond: number, batch: number): number {
  const most = model.itemsPerSecond(batch) * model.settings.targetUtilization;
  // A load of exactly so many replicas is not to need one more by its last bit.
  return Math.max(1, Math.ceil((perSecond / most) * (1 - 1e-12)));
}

/** Whether so many replicas answer in time at the percentile of the objective. */
export function meets(model: FleetModel, demand: Demand, fleet: Batching & { readonly replicas: number }): boolean {
  if (demand.limitMs === null) return true;
  const times = model.timesOf({ ...fleet, perSecond: demand.perSecond }, demand.effort);
  return isWithin(times, demand.limitMs);
}

/** Whether a fleet answers in time at the percentile of the objective. */
export function isWithin({ stable, objectiveMs }: FleetTimes, limitMs: number): boolean {
  return stable && objectiveMs.value <= limitMs;
}

/**
 * The fewest replicas that serve a demand: as many as its load needs, and more where requests wait too long.
 *
 * @param batching with `below`, an answer is only wanted if it is fewer replicas than that
 * @returns null where no number of replicas, or none below, is enough
 */
export function leastReplicas(
  model: FleetModel,
  demand: Demand,
  batching: Batching & { readonly below?: number },
): number | null {
  const { batch, queueDelayMs, below } = batching;
  const serves = (replicas: number): boolean => meets(model, demand, { batch, queueDelayMs, replicas });
  const least = capacityReplicas(model, demand.perSecond, batch);
  if (below !== undefined && least >= below) return null;
  if (serves(least)) return least;
  if (demand.limitMs === null || model.aloneMs > demand.limitMs) return null;
  const idle = Math.ceil((demand.perSecond * model.curve.msAt(1)) / 1000 / leastUtilization);
  const most = below === undefined ? Math.max(least, idle) : below - 1;
  const enough = below === undefined ? firstDoubled(least, most, serves) : serves(most) ? most : null;
  return enough === null
    ? null
    : fewest(below === undefined ? Math.max(least, Math.floor(enough / 2)) : least, enough, serves);
}

function firstDoubled(from: number, most: number, serves: (replicas: number) => boolean): number | null {
  for (let replicas = from; replicas < most;) {
    replicas = Math.min(2 * replicas, most);
    if (serves(replicas)) return replicas;
  }
  return null;
}

/** Between a number that does not serve and one that does. */
function fewest(tooFew: number, enough: number, serves: (replicas: number) => boolean): number {
  let low = tooFew;
  let high = enough;
  while (high - low > Math.max(1, high * sizingTolerance)) {
    const middle = Math.floor((low + high) / 2);
    if (serves(middle)) high = middle;
    else low = middle;
  }
  return high;
}
