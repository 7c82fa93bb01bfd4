import type { FleetModel } from './fleet-model.ts';
import type { FleetTimes } from './fleet-times.ts';
import { capacityReplicas, isWithin, leastReplicas } from './size-fleet.ts';
import type { Batching, Demand } from './size-fleet.ts';

/** Of the limit: how long an idle replica may wait for more requests. */
const delayShares = [0.1, 0.25, 0.5];

/** A batch is only left for another one that answers sooner by more than this share. */
const worthwhileGain = 0.02;

export interface FleetPlan extends Batching {
  /** The fewest that serve the demand. */
  readonly replicas: number;
}

/** Batches worth a try: powers of 2 and what was measured, up to the largest that was; or the one that was asked for. */
export function candidateBatches({ curve, settings }: FleetModel): readonly number[] {
  if (settings.batch !== null) return [settings.batch];
  const batches = new Set(curve.points.map(({ batch }) => batch));
  for (let batch = 1; batch <= curve.largestBatch; batch *= 2) batches.add(batch);
  return [...batches].toSorted((first, second) => first - second);
}

/**
 * The batch size and queue delay that serve a demand with the fewest replicas. Under a line of service times a delay
 * only makes requests wait, so delays are tried where waiting is what takes replicas: there fuller batches may pay.
 *
 * @param delayMs asked for, in the time of the measuring machine; null for any
 * @returns null where no fleet serves it
 */
export function bestPlan(model: FleetModel, demand: Demand, delayMs: number | null): FleetPlan | null {
  const batches = byCapacity(model);
  const plain = fewestOf(model, demand, { choices: choicesOf(batches, [delayMs ?? 0]), best: null });
  const { limitMs } = demand;
  if (plain === null || delayMs !== null || limitMs === null) return plain;
  if (plain.replicas === capacityReplicas(model, demand.perSecond, plain.batch)) return plain;
  const delays = delayShares.map((share) => share * limitMs);
  const fuller = batches.filter((batch) => batch > 1).slice(0, delayShares.length);
  return fewestOf(model, demand, { choices: choicesOf(fuller, delays), best: plain });
}

/** The most items a second first; of batches that are alike in this, the smaller one. */
function byCapacity(model: FleetModel): readonly number[] {
  return candidateBatches(model).toSorted(
    (first, second) => model.itemsPerSecond(second) - model.itemsPerSecond(first),
  );
}

function choicesOf(batches: readonly number[], delaysMs: readonly number[]): readonly Batching[] {
  return batches.flatMap((batch) => delaysMs.map((queueDelayMs) => ({ batch, queueDelayMs })));
}

/** Whatever cannot take fewer replicas than the best so far is not looked at any further. */
function fewestOf(
  model: FleetModel,
  demand: Demand,
  { choices, best }: { readonly choices: readonly Batching[]; readonly best: FleetPlan | null },
): FleetPlan | null {
  let fewest = best;
  for (const choice of choices) {
    const below = fewest === null ? {} : { below: fewest.replicas };
    const replicas = leastReplicas(model, demand, { ...choice, ...below });
    if (replicas !== null) fewest = { ...choice, replicas };
  }
  return fewest;
}

/**
 * Of the batches that serve a demand with replicas that are paid for anyway, one that answers soonest: from the planned
 * one, whichever neighbor is better, and on.
 *
 * @param spare replicas that are to be missed without harm
 */
export function soonest(
  model: FleetModel,
  demand: Demand,
  paid: { readonly plan: Batching; readonly replicas: number; readonly spare: number },
): Batching {
  const { replicas, spare, plan } = paid;
  const batches = candidateBatches(model).filter(
    (batch) => capacityReplicas(model, demand.perSecond, batch) + spare <= replicas,
  );
  const latencyMs = (batch: number): number =>
    model.timesOf({ ...plan, batch, replicas, perSecond: demand.perSecond }, demand.effort).objectiveMs.value;
  let place = batches.indexOf(plan.batch);
  for (const step of [-1, 1]) {
    for (let next = batches[place + step]; next !== undefined && place >= 0; next = batches[place + step]) {
      if (latencyMs(next) > latencyMs(batches[place] ?? plan.batch) * (1 - worthwhileGain)) break;
      place += step;
    }
  }
  return { ...plan, batch: batches[place] ?? plan.batch };
}

/**
 * Without a load there is one replica at the target utilization: the batch of the most items a second that answers in
 * time there; where none does, the one that answers soonest.
 */
export function unloadedPlan(model: FleetModel, limitMs: number | null, queueDelayMs: number): UnloadedPlan {
  let soonest: UnloadedPlan | null = null;
  for (const batch of byCapacity(model)) {
    const perSecond = model.itemsPerSecond(batch) * model.settings.targetUtilization;
    const times = model.timesOf({ batch, queueDelayMs, replicas: 1, perSecond }, 'final');
    const plan = { batch, queueDelayMs, times, isInTime: limitMs === null || isWithin(times, limitMs) };
    if (plan.isInTime) return plan;
    if (soonest === null || times.objectiveMs.value < soonest.times.objectiveMs.value) soonest = plan;
  }
  if (soonest === null) throw new RangeError('a curve has at least one batch');
  return soonest;
}

export interface UnloadedPlan extends Batching {
  readonly times: FleetTimes;
  readonly isInTime: boolean;
}
