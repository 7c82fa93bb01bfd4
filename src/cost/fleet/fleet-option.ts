import { exactly, scaledInterval } from '../../stats/combined-interval.ts';
import type { Interval } from '../../stats/interval.ts';
import type { CostOption } from '../cost-result.ts';
import { hoursPerMonth } from '../vocabulary.ts';
import type { FleetModel } from './fleet-model.ts';
import { fleetEnergy } from './fleet-energy.ts';
import type { Host } from './host.ts';
import { independentProduct, inverse, product, withRange } from './intervals.ts';
import type { MeasuredCurve } from './measured-curve.ts';
import type { PlannedFleet } from './planned-fleet.ts';
import type { MachinePrice } from './purchase-prices.ts';
import { allocatedUsdPerMillion, usdPerMillion } from './unit-cost.ts';

/** A fleet that was planned, and all that its figures stand on. */
export interface FleetContext {
  readonly measured: MeasuredCurve;
  readonly model: FleetModel;
  readonly host: Host;
  readonly fleet: PlannedFleet;
  /** Of the grid that the machine draws from; null where nobody knows. */
  readonly gramsPerKwh: number | null;
}

type Identity = Pick<
  CostOption,
  'curveIndex' | 'modelIndex' | 'instance' | 'cloud' | 'region' | 'vcpus' | 'accelerator' | 'basis' | 'projection'
>;
type Priced = Pick<CostOption, 'purchase' | 'usdPerHour' | 'listedUsdPerHour' | 'spot' | 'priceDate' | 'flags'>;
type Figures = Omit<CostOption, keyof Identity | keyof Priced>;

/** Options of one fleet: one for each way to buy its machines. */
export function fleetOptions(context: FleetContext): readonly CostOption[] {
  const { host } = context;
  return host.prices.map((price) => ({
    ...identity(context),
    ...priceColumns(price),
    ...figures(context, price.usdPerHour),
  }));
}

function identity({ measured, host: { instance, translation } }: FleetContext): Identity {
  const { basis, reach, factor, low, high, ratios } = translation;
  return {
    curveIndex: measured.index,
    modelIndex: measured.modelIndex,
    instance: instance.name,
    cloud: instance.cloud,
    region: instance.region,
    vcpus: instance.vcpus,
    accelerator: acceleratorName(instance.accelerator),
    basis,
    projection: reach === null ? null : { reach, factor, low, high, ratios },
  };
}

function acceleratorName(accelerator: Host['instance']['accelerator']): string | null {
  if (accelerator === null) return null;
  return accelerator.count === 1 ? accelerator.name : `${accelerator.count}x ${accelerator.name}`;
}

function priceColumns({ purchase, usdPerHour, listedUsdPerHour, spot, date, flags }: MachinePrice): Priced {
  return { purchase, usdPerHour: usdPerHour.value, listedUsdPerHour, spot, priceDate: date, flags: [...flags] };
}

function figures(context: FleetContext, price: Interval): Figures {
  const { model, host, fleet } = context;
  const { load } = model.settings;
  const { batch, queueDelayMs } = fleet.batching;
  const itemsPerSecond = machineRate(context);
  const utilization = utilizationOf(context, itemsPerSecond.value);
  const usd = costPerMillion(context, { price, itemsPerSecond });
  const { machines, obstacle } = fleet;
  return {
    batch,
    queueDelayMs,
    replicasPerMachine: host.replicasPerMachine,
    replicas: machines === null ? null : scaledInterval(machines, host.replicasPerMachine),
    machines,
    itemsPerSecond,
    utilization,
    usdPerMillion: usd,
    busyUsdPerMillion: usdPerMillion(price.value, itemsPerSecond.value) * (1 - (load?.cacheHit ?? 0)),
    usdPerRequest: scaledInterval(usd, 1e-6),
    ...tokenCosts(context, price, utilization),
    monthlyUsd: machines === null ? null : scaledInterval(product(machines, price), hoursPerMonth),
    latencyMs: latencies(context),
    meetsSlo: model.settings.objective === null ? null : obstacle === null,
    obstacle,
    energy: fleetEnergy(context, { itemsPerSecond: itemsPerSecond.value, utilization }),
  };
}

/** Items a second of a machine that is never idle and always finds full batches. */
function machineRate({ model, host, fleet }: FleetContext): Interval {
  const { batch } = fleet.batching;
  const factor = withRange(model.curveFactor(batch), host.translation);
  return scaledInterval(inverse(factor), host.replicasPerMachine * model.itemsPerSecond(batch));
}

/** Of the capacity that is paid for. */
function utilizationOf({ model, fleet }: FleetContext, machineItemsPerSecond: number): number {
  const { load, targetUtilization } = model.settings;
  if (load === null || fleet.machines === null) return targetUtilization;
  return (load.meanPerSecond * (1 - load.cacheHit)) / (fleet.machines.value * machineItemsPerSecond);
}

/** Of requests of users: those that a cache answers cost nothing and count. */
function costPerMillion(
  { model, fleet }: FleetContext,
  { price, itemsPerSecond }: { readonly price: Interval; readonly itemsPerSecond: Interval },
): Interval {
  const { load, targetUtilization } = model.settings;
  if (load !== null && fleet.machines !== null)
    return scaledInterval(product(fleet.machines, price), allocatedUsdPerMillion(1, load.meanPerSecond));
  return scaledInterval(product(inverse(itemsPerSecond), price), usdPerMillion(1, 1, targetUtilization));
}

type TokenCosts = Pick<CostOption, 'usdPerMillionInputTokens' | 'usdPerMillionOutputTokens'>;

/** A second of reading the prompt costs what one of writing does: tokens cost by how many of them take it. */
function tokenCosts({ measured, host }: FleetContext, price: Interval, utilization: number): TokenCosts {
  const { tokens } = measured;
  if (tokens === null) return { usdPerMillionInputTokens: null, usdPerMillionOutputTokens: null };
  const cost = (tokensPerSecond: Interval): Interval =>
    scaledInterval(
      product(withRange(inverse(tokensPerSecond), host.translation), price),
      usdPerMillion(1, 1, utilization) / host.replicasPerMachine,
    );
  return {
    usdPerMillionInputTokens: tokens.inputPerSecond && cost(tokens.inputPerSecond),
    usdPerMillionOutputTokens: tokens.outputPerSecond && cost(tokens.outputPerSecond),
  };
}

/**
 * Times that a slower or faster replica than was measured would take at the same utilization: a fleet is sized for the
 * speed that it turns out to have.
 */
function latencies({ model, host, fleet: { times, batching } }: FleetContext): CostOption['latencyMs'] {
  // Of a queue that keeps growing, times only say for how long it was watched.
  if (times === null || !times.stable) return null;
  const factor = model.curveFactor(batching.batch);
  const certain = exactly(1);
  const there = (time: Interval): Interval => {
    const measuredTime = independentProduct(time, factor.low === null && !isMeasured(host) ? certain : factor);
    return withRange(measuredTime, host.translation);
  };
  return {
    meanMs: there(times.meanMs),
    p50Ms: there(times.p50Ms),
    p99Ms: there(times.p99Ms),
    objectiveMs: there(times.objectiveMs),
    method: times.method,
  };
}

function isMeasured({ translation }: Host): boolean {
  return translation.basis === 'measured';
}
