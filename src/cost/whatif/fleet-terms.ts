import { scaledInterval } from '../../stats/combined-interval.ts';
import type { Interval } from '../../stats/interval.ts';
import type { CostOption } from '../cost-result.ts';
import type { CostSettings } from '../cost-settings.ts';
import { hoursPerMonth } from '../vocabulary.ts';

/** What a fleet of one option costs and bears, whatever its size. */
export interface FleetTerms {
  /** Of one machine, for a month. */
  readonly usdPerMachine: number;
  /** Requests a month that one replica answers, never idle. */
  readonly busyRequestsPerReplica: Interval;
  /** Of those, as many as it may be given: the target utilization over how far the peak is above the mean. */
  readonly usableShare: number;
  readonly replicasPerMachine: number;
  readonly minReplicas: number;
  readonly spareReplicas: number;
}

export interface FleetRules {
  readonly minReplicas: number;
  readonly spareReplicas: number;
  /** Share of a replica's capacity that is used in the busiest hour, in (0, 1]. */
  readonly utilization: number;
  /** Load of the busiest hour over the mean. */
  readonly peakOverMean: number;
}

const secondsPerMonth = hoursPerMonth * 3600;

/**
 * @param requestsPerSecond of one machine, all of its replicas busy
 * @returns null for serverless, which has no machines
 */
export function fleetTerms(option: CostOption, requestsPerSecond: Interval, rules: FleetRules): FleetTerms | null {
  if (option.usdPerHour === null) return null;
  return {
    usdPerMachine: option.usdPerHour * hoursPerMonth,
    busyRequestsPerReplica: scaledInterval(requestsPerSecond, secondsPerMonth / option.replicasPerMachine),
    usableShare: rules.utilization / rules.peakOverMean,
    replicasPerMachine: option.replicasPerMachine,
    minReplicas: rules.minReplicas,
    spareReplicas: rules.spareReplicas,
  };
}

/**
 * The utilization that a fleet of an option may have in its busiest hour: the target, or what the objective left of it
 * where that took more replicas than the load alone. Of larger fleets an objective leaves more, so they are priced too
 * high rather than too low.
 */
export function fleetRules(option: CostOption, settings: CostSettings): FleetRules {
  const { load, objective, minReplicas, spareReplicas, targetUtilization } = settings;
  const rules = { minReplicas, spareReplicas, utilization: targetUtilization };
  if (load === null) return { ...rules, peakOverMean: 1 };
  const peakOverMean = load.peakPerSecond / load.meanPerSecond;
  if (objective === null || option.machines === null) return { ...rules, peakOverMean };
  const { replicasPerMachine } = option;
  const perReplica = option.itemsPerSecond.value / replicasPerMachine;
  const peak = load.peakPerSecond * (1 - load.cacheHit);
  // A load of exactly so many replicas is not to need one more by its last bit.
  const ofLoad = Math.ceil((peak / (perReplica * targetUtilization)) * (1 - 1e-12));
  const machinesOfLoad = Math.ceil((Math.max(minReplicas, ofLoad) + spareReplicas) / replicasPerMachine);
  if (option.machines.value <= machinesOfLoad) return { ...rules, peakOverMean };
  const serving = option.machines.value * replicasPerMachine - spareReplicas;
  return { ...rules, peakOverMean, utilization: peak / (serving * perReplica) };
}
