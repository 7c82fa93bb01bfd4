import type { Processor } from '../catalog/catalog.ts';
import type { MeasuredOn } from './translation.ts';

/** Makers' names of server processors: the smallest of them has more cores than a small machine shows. */
const serverName = /epyc|xeon/i;
const fewestServerCores = 16;

/** Threads that a core of the measuring machine runs, as far as it shows. */
export function measuredVcpusPerCore(on: MeasuredOn, processor: Processor | null): 1 | 2 {
  if (processor !== null) return processor.vcpusPerCore;
  const { logicalCores, physicalCores } = on.environment.cpu;
  if (on.environment.os.arch !== 'x64') return 1;
  return (physicalCores !== null && physicalCores < logicalCores) || hidesTopology(on, processor) ? 2 : 1;
}

/**
 * Whether the threads that were measured had hardware threads, two to a core, rather than whole cores. A container's
 * share is counted in hardware threads, whatever else runs on the core.
 */
export function hadHardwareThreads(on: MeasuredOn, processor: Processor | null): boolean {
  if (measuredVcpusPerCore(on, processor) === 1) return false;
  const { container, cpu } = on.environment;
  if (container !== null || cpu.physicalCores === null) return true;
  if (cpu.physicalCores < cpu.logicalCores) return on.threads * on.instances > cpu.physicalCores;
  return hidesTopology(on, processor);
}

/** vCPUs of a machine with that processor that one measured thread takes. */
export function vcpusPerThread(on: MeasuredOn, measured: Processor | null, target: Processor | null): 1 | 2 {
  return hadHardwareThreads(on, measured) ? 1 : (target?.vcpusPerCore ?? 1);
}

/** A virtual machine that shows its hardware threads as cores: no processor of that name has so few. */
function hidesTopology({ environment: { cpu } }: MeasuredOn, processor: Processor | null): boolean {
  if (cpu.physicalCores !== null && cpu.physicalCores < cpu.logicalCores) return false;
  const fewest = processor?.coresPerSocket ?? (serverName.test(cpu.model) ? fewestServerCores : 0);
  return cpu.logicalCores < fewest;
}
