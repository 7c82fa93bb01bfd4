import type { Accelerator, Catalog, InstanceType, Processor } from '../catalog/catalog.ts';
import type { Translation } from '../hardware/translation.ts';
import type { MachinePrice } from './purchase-prices.ts';

/** A machine that can run a measured model, and at which speed. */
export interface Host {
  readonly instance: Pick<InstanceType, 'cloud' | 'region' | 'vcpus' | 'accelerator'> & { readonly name: string };
  readonly translation: Extract<Translation, { factor: number }>;
  readonly replicasPerMachine: number;
  readonly prices: readonly MachinePrice[];
  readonly processor: Processor | null;
  readonly accelerator: Accelerator | null;
}

export function processorOf(catalog: Catalog, id: string | null): Processor | null {
  return catalog.processors.find((processor) => processor.id === id) ?? null;
}

export function acceleratorOf(catalog: Catalog, id: string | null | undefined): Accelerator | null {
  return catalog.accelerators.find((accelerator) => accelerator.id === id) ?? null;
}
