import type { Interval } from '../../stats/interval.ts';
import type { Load } from '../load.ts';
import { bestPlan, soonest } from './choose-batch.ts';
import type { FleetModel } from './fleet-model.ts';
import type { FleetTimes } from './fleet-times.ts';
import { withRange } from './intervals.ts';
import type { TimeRange } from './intervals.ts';
import type { PlannedFleet } from './planned-fleet.ts';
import { isWithin, leastReplicas } from './size-fleet.ts';
import type { Batching, Demand } from './size-fleet.ts';
import { missed, mostMachines, overloaded } from './why-not.ts';
import type { Obstacle } from './why-not.ts';

/** Machines of one speed and size. */
export interface MachineSpeed {
  readonly range: TimeRange;
  readonly replicasPerMachine: number;
}

/**
 * The cheapest fleet of one kind of machine that serves a load in its busiest hour. Where the objective cannot be met, the
 * one that the load alone needs, with the obstacle.
 */
export function planLoaded(model: FleetModel, load: Load, speed: MachineSpeed): PlannedFleet {
  const { objective, queueDelayMs } = model.settings;
  const { factor } = speed.range;
  const perSecond = load.peakPerSecond * (1 - load.cacheHit) * factor;
  const delayMs = queueDelayMs === null ? null : queueDelayMs / factor;
  const limitMs = objective === null ? null : objective.limitMs / factor;
  const demand: Demand = { perSecond, limitMs, effort: 'search' };
  const unlimited: Demand = { ...demand, limitMs: null };
  const wanted = bestPlan(model, demand, delayMs);
  const plan = wanted ?? bestPlan(model, unlimited, delayMs);
  if (plan === null) throw new RangeError('a load without an objective is always served by some number of replicas');
  const draft = { plan, speed, demand: wanted === null ? unlimited : demand };
  const machines = machinesFor(model, plan.replicas, speed.replicasPerMachine);
  if (machines <= mostMachines) return settled(model, draft, machines);
  return {
    batching: inMachineTime(plan, speed.range),
    machines: machinesInterval(model, { ...draft, plan }, machines),
    times: null,
    obstacle: overloaded(machines),
  };
}

interface Draft {
  readonly plan: Batching;
  readonly speed: MachineSpeed;
  /** Without a limit where it cannot be met. */
  readonly demand: Demand;
}

/** Whole machines for the replicas that are needed, none fewer than the settings ask for, and the spare ones. */
function machinesFor({ settings }: FleetModel, replicas: number, replicasPerMachine: number): number {
  return Math.ceil((Math.max(settings.minReplicas, replicas) + settings.spareReplicas) / replicasPerMachine);
}

/**
 * Every replica that is paid for serves, and the batch that answers soonest is taken. The search went by fewer requests
 * than the figures do: where those say otherwise, the fleet is sized by them.
 */
function settled(model: FleetModel, draft: Draft, planned: number): PlannedFleet {
  const { speed, demand } = draft;
  let machines = planned;
  let fleet = paidFleet(model, draft, machines);
  if (demand.limitMs !== null && !isWithin(fleet.times, demand.limitMs)) {
    const exact = { ...draft, demand: { ...demand, effort: 'final' as const } };
    const replicas = leastReplicas(model, exact.demand, draft.plan);
    machines = Math.max(machines, machinesFor(model, replicas ?? 0, speed.replicasPerMachine));
    fleet = paidFleet(model, exact, machines);
  }
  return {
    batching: inMachineTime(fleet.batching, speed.range),
    machines: machinesInterval(model, { ...draft, plan: fleet.batching }, machines),
    times: fleet.times,
    obstacle: machines > mostMachines ? overloaded(machines) : obstacleOf(model, fleet.times, speed.range),
  };
}

function paidFleet(
  model: FleetModel,
  { plan, speed, demand }: Draft,
  machines: number,
): { readonly batching: Batching; readonly times: FleetTimes } {
  const replicas = machines * speed.replicasPerMachine;
  const batching = soonest(model, demand, { plan, replicas, spare: model.settings.spareReplicas });
  return { batching, times: model.timesOf({ ...batching, replicas, perSecond: demand.perSecond }, 'final') };
}

function obstacleOf(model: FleetModel, times: FleetTimes, { factor }: TimeRange): Obstacle | null {
  const { objective } = model.settings;
  if (objective === null || isWithin(times, objective.limitMs / factor)) return null;
  return missed(objective, { aloneMs: model.aloneMs * factor, reachedMs: times.objectiveMs.value * factor });
}

function inMachineTime({ batch, queueDelayMs }: Batching, { factor }: TimeRange): Batching {
  return { batch, queueDelayMs: queueDelayMs * factor };
}

/**
 * How many machines it would be if the true times were at an end of their interval, batch and delay as chosen; null above
 * where no fleet would serve then.
 */
function machinesInterval(model: FleetModel, { plan, speed, demand }: Draft, machines: number): Interval {
  const factor = withRange(model.curveFactor(plan.batch), speed.range);
  const machinesAt = (end: number | null): number | null => {
    if (end === null) return null;
    const slower = end / factor.value;
    const limitMs = demand.limitMs === null ? null : demand.limitMs / slower;
    const there = { ...demand, perSecond: demand.perSecond * slower, limitMs };
    const replicas = leastReplicas(model, there, { ...plan, queueDelayMs: plan.queueDelayMs / slower });
    return replicas === null ? null : machinesFor(model, replicas, speed.replicasPerMachine);
  };
  const low = machinesAt(factor.low);
  const high = machinesAt(factor.high);
  return {
    value: machines,
    low: low === null ? null : Math.min(low, machines),
    high: high === null ? null : Math.max(high, machines),
  };
}
