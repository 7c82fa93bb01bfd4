import type { Catalog, InstanceType } from '../catalog/catalog.ts';
import type { CostOption, ExcludedOption } from '../cost-result.ts';
import type { CostSettings } from '../cost-settings.ts';
import { CurveProjection } from './curve-projection.ts';
import { DrawnArrivals } from './drawn-arrivals.ts';
import type { MeasuredCurve } from './measured-curve.ts';
import { hasOwnPrice } from './own-machine.ts';
import { nearestHosts } from './nearest-hosts.ts';
import { rankOptions } from './rank-options.ts';
import { requireMeasuredBatch, requireReachable } from './requirements.ts';
import { serverlessOption } from './serverless-option.ts';

export interface ProjectionInput {
  readonly curves: readonly MeasuredCurve[];
  readonly catalog: Catalog;
  readonly instances: readonly InstanceType[];
}

export interface ProjectedOptions {
  /** Ranked: those that serve the load and meet the objective by their cost, then the others. */
  readonly options: readonly CostOption[];
  /** Machines without figures, and why. */
  readonly excluded: readonly ExcludedOption[];
}

/**
 * What it costs to serve each model on each machine, bought in each way. Of several curves of one model and one shape of
 * inputs (threads, providers, machines), those count that are nearest to a machine, and of them the cheapest.
 *
 * @param input `instances`: those of the catalog that are asked for
 * @throws UsageError `bad-value` for a batch that was not measured, `cost-objective-unreachable` where no machine runs a
 *   single item within the objective, `cost-load-beyond-fleets` where no fleet of any machine is large enough
 */
export function projectOptions(input: ProjectionInput, settings: CostSettings): ProjectedOptions {
  requireMeasuredBatch(input.curves, settings.batch);
  const drawn = new DrawnArrivals(settings.seed, settings.requestsSimulated);
  const works = sameWork(input.curves).map((curves) =>
    curves.map((curve) => new CurveProjection(curve, input.catalog, { settings, drawn })),
  );
  const excluded: ExcludedOption[] = [];
  const options = works.flatMap((projections) => [
    ...input.instances.flatMap((instance) => onInstance(projections, instance, excluded)),
    ...onOwnMachines(projections, settings),
    ...withoutMachines(projections, settings),
  ]);
  requireReachable(options, settings);
  return { options: rankOptions(options), excluded };
}

/** Curves of one model and one shape of inputs: other ways to do the same work. */
function sameWork(curves: readonly MeasuredCurve[]): readonly (readonly MeasuredCurve[])[] {
  return groupedBy(curves, ({ modelIndex, dims }) =>
    JSON.stringify([modelIndex, Object.entries(dims).toSorted(([first], [second]) => (first < second ? -1 : 1))]),
  );
}

function onInstance(
  projections: readonly CurveProjection[],
  instance: InstanceType,
  excluded: ExcludedOption[],
): readonly CostOption[] {
  const { hosts, obstacle } = nearestHosts(projections, instance);
  const [first] = projections;
  if (hosts.length === 0 && obstacle !== null && first !== undefined) {
    const { index, modelIndex } = first.measured;
    const { name, cloud, region } = instance;
    excluded.push({ curveIndex: index, modelIndex, instance: name, cloud, region, obstacle });
  }
  return cheapestEach(hosts.flatMap(({ projection, host }) => projection.optionsOn(host)));
}

/** Of each measured machine, the cheapest way to use it. */
function onOwnMachines(projections: readonly CurveProjection[], settings: CostSettings): readonly CostOption[] {
  if (!hasOwnPrice(settings)) return [];
  const machines = groupedBy(projections, ({ measured }) => measured.measuredOn.environment.fingerprint);
  return machines.flatMap((same) =>
    cheapestEach(same.flatMap((projection) => projection.optionsOnOwn(settings.ownUsdPerHour))),
  );
}

function withoutMachines(projections: readonly CurveProjection[], settings: CostSettings): readonly CostOption[] {
  const { serverless } = settings;
  if (serverless === null || !settings.purchases.includes('serverless')) return [];
  const onProcessors = projections.filter(({ measured }) => measured.measuredOn.ep === 'cpu');
  return cheapestEach(onProcessors.map(({ measured }) => serverlessOption(measured, settings, serverless)));
}

/** The best of each way to buy. */
function cheapestEach(options: readonly CostOption[]): readonly CostOption[] {
  return groupedBy(options, ({ purchase }) => purchase).flatMap((same) => rankOptions(same).slice(0, 1));
}

function groupedBy<T>(items: readonly T[], keyOf: (item: T) => string): readonly (readonly T[])[] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return [...groups.values()];
}
