import { exactly } from '../../stats/combined-interval.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { CostSettings } from '../cost-settings.ts';
import { replicaBytes } from '../hardware/place-replicas.ts';
import { measured } from '../hardware/projection-range.ts';
import type { Host } from './host.ts';
import { acceleratorOf, processorOf } from './host.ts';
import type { MeasuredCurve } from './measured-curve.ts';

/** What tables call the machine that was measured on, at a price of the user's. */
const ownMachine = 'own machine';

/** The measuring machine itself, at the price per hour that its user names. */
export function ownHost(curve: MeasuredCurve, catalog: Catalog, usdPerHour: number): Host {
  const { measuredOn } = curve;
  const { environment } = measuredOn;
  const isAccelerated = measuredOn.ep !== 'cpu';
  const gpu = isAccelerated ? (environment.gpus[0] ?? null) : null;
  const count = isAccelerated ? Math.max(1, environment.gpus.length) : 0;
  return {
    instance: {
      name: measuredOn.instance ?? ownMachine,
      cloud: 'own',
      region: '',
      vcpus: environment.cpu.usableCores,
      accelerator: isAccelerated
        ? { id: measuredOn.accelerator, name: gpu?.name ?? measuredOn.ep, count, memoryGibEach: 0 }
        : null,
    },
    translation: measured,
    replicasPerMachine: isAccelerated ? count : replicasByProcessor(curve),
    prices: [
      {
        purchase: 'own',
        listedUsdPerHour: usdPerHour,
        usdPerHour: exactly(usdPerHour),
        spot: null,
        date: null,
        flags: ['user'],
      },
    ],
    processor: processorOf(catalog, measuredOn.processor),
    accelerator: acceleratorOf(catalog, measuredOn.accelerator),
  };
}

/** As many as have cores and memory for themselves, and no fewer than were measured side by side. */
function replicasByProcessor(curve: MeasuredCurve): number {
  const { environment, threads, instances } = curve.measuredOn;
  const bytes = environment.memory.limitBytes ?? environment.memory.totalBytes;
  const room = Math.min(environment.cpu.usableCores / threads, bytes / replicaBytes(curve));
  return Math.max(1, instances, Math.floor(room));
}

export function hasOwnPrice(settings: CostSettings): settings is CostSettings & { readonly ownUsdPerHour: number } {
  return settings.ownUsdPerHour !== null && settings.purchases.includes('own');
}
