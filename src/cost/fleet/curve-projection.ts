import type { Catalog, InstanceType } from '../catalog/catalog.ts';
import type { CostOption } from '../cost-result.ts';
import { placeReplicas } from '../hardware/place-replicas.ts';
import { translate } from '../hardware/translate.ts';
import { fleetOptions } from './fleet-option.ts';
import type { CurveTerms } from './fleet-times.ts';
import { FleetModel } from './fleet-model.ts';
import { gridOf } from './grid-of.ts';
import { acceleratorOf, processorOf } from './host.ts';
import type { Host } from './host.ts';
import type { MeasuredCurve } from './measured-curve.ts';
import { memoized } from './memoized.ts';
import { ownHost } from './own-machine.ts';
import { planLoaded } from './plan-loaded.ts';
import type { MachineSpeed } from './plan-loaded.ts';
import { planUnloaded } from './plan-unloaded.ts';
import type { PlannedFleet } from './planned-fleet.ts';
import { purchasePrices } from './purchase-prices.ts';
import type { Obstacle } from './why-not.ts';

/** One measured curve, carried to machines. */
export class CurveProjection {
  readonly measured: MeasuredCurve;
  readonly #catalog: Catalog;
  readonly #model: FleetModel;
  /** Machines of one speed and size have one plan, whatever they cost. */
  readonly #plan: (speed: MachineSpeed) => PlannedFleet;

  constructor(measured: MeasuredCurve, catalog: Catalog, terms: Omit<CurveTerms, 'curve'>) {
    const model = new FleetModel({ ...terms, curve: measured.curve });
    const { load } = terms.settings;
    this.measured = measured;
    this.#catalog = catalog;
    this.#model = model;
    this.#plan = memoized(
      ({ range: { factor, low, high }, replicasPerMachine }) => [factor, low, high, replicasPerMachine].join(' '),
      (speed) => (load === null ? planUnloaded(model, speed.range) : planLoaded(model, load, speed)),
    );
  }

  /** The machine with its speed and prices, or why it cannot run the model. */
  hostOf(instance: InstanceType): Host | Obstacle {
    const translation = translate(this.measured, instance, this.#catalog);
    if (translation.basis === null) return translation.obstacle;
    const placement = placeReplicas(this.measured, instance, this.#catalog);
    if (placement.obstacle !== null) return placement.obstacle;
    return {
      instance,
      translation,
      replicasPerMachine: placement.replicas,
      prices: purchasePrices(instance, this.#model.settings),
      processor: processorOf(this.#catalog, instance.processor),
      accelerator: acceleratorOf(this.#catalog, instance.accelerator?.id ?? null),
    };
  }

  optionsOn(host: Host): readonly CostOption[] {
    const { settings } = this.#model;
    const fleet = this.#plan({ range: host.translation, replicasPerMachine: host.replicasPerMachine });
    const gramsPerKwh = settings.gramsPerKwh ?? gridOf(host.instance, this.#catalog)?.gramsPerKwh ?? null;
    return fleetOptions({ measured: this.measured, model: this.#model, host, fleet, gramsPerKwh });
  }

  optionsOnOwn(usdPerHour: number): readonly CostOption[] {
    return this.optionsOn(ownHost(this.measured, this.#catalog, usdPerHour));
  }
}
