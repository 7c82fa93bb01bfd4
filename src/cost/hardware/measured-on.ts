import type { Catalog, InstanceType } from '../catalog/catalog.ts';
import { matchAccelerator } from '../catalog/match-accelerator.ts';
import { matchProcessor } from '../catalog/match-processor.ts';
import type { Sweep } from '../service/sweep.ts';
import type { MeasuredOn } from './translation.ts';

/**
 * The machine of a sweep in the catalog's words.
 * @param instance that the user says it was; it is believed over what the machine calls itself
 */
export function measuredOn(sweep: Sweep, catalog: Catalog, instance: InstanceType | null): MeasuredOn {
  const { environment, ep, threads, instances } = sweep;
  const processor = instance?.processor ?? matchProcessor(environment.cpu, catalog)?.id ?? null;
  return {
    environment,
    ep,
    threads,
    instances,
    instance: instance?.id ?? null,
    processor,
    accelerator: ep === 'cpu' ? null : (instance?.accelerator?.id ?? acceleratorOf(sweep, catalog)),
  };
}

/** The first that the catalog knows: where a machine has several, they are alike. */
function acceleratorOf({ environment }: Sweep, catalog: Catalog): string | null {
  const found = environment.gpus.map(({ name }) => matchAccelerator(name, catalog)?.id);
  return found.find((id) => id !== undefined) ?? null;
}
