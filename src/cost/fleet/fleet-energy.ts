import type { CostOption } from '../cost-result.ts';
import { hoursPerMonth } from '../vocabulary.ts';
import { kwhPerMillion, machineWatts } from './energy.ts';
import type { MachineUse } from './energy.ts';
import type { FleetContext } from './fleet-option.ts';

interface FleetLoad {
  /** Of one machine, never idle. */
  readonly itemsPerSecond: number;
  readonly utilization: number;
}

/** Energy of a fleet over the month, idle hours included; null where the power of the machine is not known. */
export function fleetEnergy(context: FleetContext, { itemsPerSecond, utilization }: FleetLoad): CostOption['energy'] {
  const { model, host, fleet, gramsPerKwh } = context;
  const { load, powerUsageEffectiveness } = model.settings;
  const watts = machineWatts(host, useOf(context, busyShare(context, utilization)));
  if (watts === null) return null;
  const perMachine =
    load === null || fleet.machines === null ? itemsPerSecond * utilization : load.meanPerSecond / fleet.machines.value;
  const kwh = kwhPerMillion(watts, perMachine, powerUsageEffectiveness);
  return {
    wattsPerMachine: watts,
    idleWatts: machineWatts(host, { vcpus: 0, accelerators: 0 }) ?? watts,
    fullWatts: machineWatts(host, { vcpus: 1, accelerators: 1 }) ?? watts,
    kwhPerMillion: kwh,
    gramsPerMillion: gramsPerKwh === null ? null : kwh * gramsPerKwh,
    gramsPerKwh,
    kwhPerMonth:
      fleet.machines === null ? null : (fleet.machines.value * watts * powerUsageEffectiveness * hoursPerMonth) / 1000,
  };
}

/**
 * Share of time that replicas are busy over the month. Batches that are not full keep them busy for longer than their
 * share of the capacity; from the busiest hour it is carried to the mean in proportion.
 */
function busyShare({ model: { settings }, fleet: { times } }: FleetContext, utilization: number): number {
  if (times === null || !times.stable) return Math.min(1, utilization);
  const { load } = settings;
  return load === null ? times.busy : (times.busy * load.meanPerSecond) / load.peakPerSecond;
}

/** An accelerator's replica keeps one vCPU busy, others one for each thread. */
function useOf({ measured, host }: FleetContext, busy: number): MachineUse {
  const { instance, replicasPerMachine } = host;
  const accelerators = instance.accelerator?.count ?? 0;
  const threads = accelerators > 0 ? 1 : measured.measuredOn.threads;
  return {
    vcpus: busy * Math.min(1, (replicasPerMachine * threads) / instance.vcpus),
    accelerators: accelerators > 0 ? (busy * replicasPerMachine) / accelerators : 0,
  };
}
