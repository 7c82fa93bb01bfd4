import type { Catalog, InstanceType } from '../catalog/catalog.ts';
import type { MeasuredOn } from './translation.ts';

/**
 * Whether an instance is the one that the user says was measured on, or of its family: the same hardware in another
 * size, even where the catalog knows neither processor nor accelerator.
 */
export function isSameHardware({ instance: name }: MeasuredOn, instance: InstanceType, catalog: Catalog): boolean {
  if (name === null) return false;
  const source = catalog.instances.find(({ id }) => id === name);
  if (source === undefined) return false;
  return (
    source.id === instance.id ||
    (source.cloud === instance.cloud &&
      familyOf(source) === familyOf(instance) &&
      source.processor === instance.processor &&
      source.processorName === instance.processorName &&
      source.accelerator?.name === instance.accelerator?.name)
  );
}

/** Whether a replica runs on the instance's accelerator: not where it was the processor beside one that was measured. */
export function usesAccelerator(on: MeasuredOn, instance: InstanceType, catalog: Catalog): boolean {
  if (instance.accelerator === null) return false;
  return on.ep !== 'cpu' || !isSameHardware(on, instance, catalog);
}

/** `c7i` of `c7i.2xlarge`, `Standard_Ds_v6` of `Standard_D8s_v6`, `n2d-standard` of `n2d-standard-8`. */
function familyOf({ name }: InstanceType): string {
  if (name.includes('.')) return name.slice(0, name.indexOf('.'));
  return name.replace(/^(Standard_[A-Z]+)\d+/, '$1').replace(/-\d+g?$/, '');
}
