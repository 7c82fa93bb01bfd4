import type { Catalog, InstanceType, Processor } from '../catalog/catalog.ts';
import type { MeasuredCurve } from '../fleet/measured-curve.ts';
import { usesAccelerator } from './same-hardware.ts';
import { vcpusPerThread } from './thread-cores.ts';

/** How many replicas a machine holds and what keeps it from holding more, or why it holds none. */
export type Placement =
  | { readonly replicas: number; readonly limitedBy: 'vcpus' | 'memory' | 'accelerators'; readonly obstacle: null }
  | {
      readonly replicas: 0;
      readonly limitedBy: null;
      readonly obstacle: { readonly code: 'cost-does-not-fit'; readonly details: MisfitDetails };
    };

/** What one replica needs and the machine has, in vCPUs, or in bytes for memory. */
export interface MisfitDetails {
  readonly instance: string;
  readonly what: 'vcpus' | 'memory' | 'accelerator-memory';
  readonly needed: number;
  readonly available: number;
  [key: string]: unknown;
}

const bytesPerGib = 1024 ** 3;
/** For the system and its agents. */
const reservedBytes = 0.5 * bytesPerGib;

/**
 * How many replicas as measured fit on an instance: by their threads and memory, or one to an accelerator.
 */
export function placeReplicas(curve: MeasuredCurve, instance: InstanceType, catalog: Catalog): Placement {
  return usesAccelerator(curve.measuredOn, instance, catalog)
    ? byAccelerator(curve, instance)
    : byProcessor(curve, instance, catalog);
}

/** Memory of a replica: as measured, else the runtime's own and the model as file, as weights and as activations. */
export function replicaBytes({ peakRssBytes, modelBytes }: Pick<MeasuredCurve, 'peakRssBytes' | 'modelBytes'>): number {
  return peakRssBytes ?? 3 * modelBytes + 200 * 1024 ** 2;
}

function byProcessor(curve: MeasuredCurve, instance: InstanceType, catalog: Catalog): Placement {
  const { measuredOn } = curve;
  const find = (id: string | null): Processor | null => catalog.processors.find((each) => each.id === id) ?? null;
  const each = vcpusPerThread(measuredOn, find(measuredOn.processor), find(instance.processor));
  const vcpus = measuredOn.threads * each;
  const bytes = replicaBytes(curve);
  const availableBytes = instance.memoryGib * bytesPerGib - reservedBytes;
  const byVcpus = Math.floor(instance.vcpus / vcpus);
  const byMemory = Math.floor(availableBytes / bytes);
  if (byVcpus < 1) return misfit(instance, 'vcpus', { needed: vcpus, available: instance.vcpus });
  if (byMemory < 1) return misfit(instance, 'memory', { needed: bytes, available: availableBytes });
  return { replicas: Math.min(byVcpus, byMemory), limitedBy: byMemory < byVcpus ? 'memory' : 'vcpus', obstacle: null };
}

function byAccelerator(curve: MeasuredCurve, instance: InstanceType): Placement {
  const { count, memoryGibEach } = instance.accelerator ?? { count: 0, memoryGibEach: 0 };
  const bytes = replicaBytes(curve);
  const availableBytes = instance.memoryGib * bytesPerGib - reservedBytes;
  const neededBytes = replicaBytes({ peakRssBytes: null, modelBytes: curve.modelBytes });
  const eachBytes = memoryGibEach * bytesPerGib;
  if (eachBytes < neededBytes)
    return misfit(instance, 'accelerator-memory', { needed: neededBytes, available: eachBytes });
  // A share of an accelerator takes one too, at its speed.
  const byCount = Math.max(1, Math.floor(count));
  const byMemory = Math.floor(availableBytes / bytes);
  if (byMemory < 1) return misfit(instance, 'memory', { needed: bytes, available: availableBytes });
  return {
    replicas: Math.min(byCount, byMemory),
    limitedBy: byMemory < byCount ? 'memory' : 'accelerators',
    obstacle: null,
  };
}

function misfit(
  instance: InstanceType,
  what: MisfitDetails['what'],
  sizes: { readonly needed: number; readonly available: number },
): Placement {
  return {
    replicas: 0,
    limitedBy: null,
    obstacle: { code: 'cost-does-not-fit', details: { instance: instance.id, what, ...sizes } },
  };
}
