import type { Accelerator, InstanceType, Processor } from '../catalog/catalog.ts';

/** Of its thermal design power, what a part draws while it waits. */
const idleShare = 0.3;

/** The middle of the catalog's processors, from 1.4 to 4.7. */
const usualWattsPerVcpu = 3.5;

/** Watts of a part at a utilization from 0 to 1: P_idle + (TDP - P_idle)·u. */
export function wattsAt(tdpWatts: number, utilization: number): number {
  return tdpWatts * (idleShare + (1 - idleShare) * Math.min(1, utilization));
}

export interface MachineParts {
  readonly instance: Pick<InstanceType, 'vcpus' | 'accelerator'>;
  readonly processor: Processor | null;
  readonly accelerator: Accelerator | null;
}

/** Shares of time that the parts of a machine are busy. */
export interface MachineUse {
  readonly vcpus: number;
  readonly accelerators: number;
}

/**
 * Watts of one machine: its vCPUs' share of their socket and all of its accelerators, memory and disks left out.
 *
 * @returns null where the power of what does the work is not known
 */
export function machineWatts({ instance, processor, accelerator }: MachineParts, use: MachineUse): number | null {
  const hasAccelerators = instance.accelerator !== null;
  if (hasAccelerators ? accelerator === null || accelerator.tdpWatts === null : processor === null) return null;
  const acceleratorWatts = (instance.accelerator?.count ?? 0) * (accelerator?.tdpWatts ?? 0);
  const vcpuWatts = instance.vcpus * wattsPerVcpu(processor);
  return wattsAt(vcpuWatts, use.vcpus) + wattsAt(acceleratorWatts, use.accelerators);
}

/** Of a machine with accelerators the processor is a small part and often not told: then as the catalog's usually are. */
function wattsPerVcpu(processor: Processor | null): number {
  if (processor === null) return usualWattsPerVcpu;
  return processor.tdpWatts / (processor.coresPerSocket * processor.vcpusPerCore);
}

/** Kilowatt hours, at the wall of the data center, of a million items: P·PUE / (3600·X)·1e6 / 1000. */
export function kwhPerMillion(watts: number, itemsPerSecond: number, powerUsageEffectiveness: number): number {
  return (watts * powerUsageEffectiveness * 1e6) / (1000 * 3600 * itemsPerSecond);
}
