import type { InstanceType } from '../../../src/cost/catalog/catalog.ts';
import { loadCatalog } from '../../../src/cost/catalog/load-catalog.ts';
import type { CostSettings } from '../../../src/cost/cost-settings.ts';
import { DrawnArrivals } from '../../../src/cost/fleet/drawn-arrivals.ts';
import { FleetModel } from '../../../src/cost/fleet/fleet-model.ts';
import type { MeasuredCurve } from '../../../src/cost/fleet/measured-curve.ts';
import type { Load } from '../../../src/cost/load.ts';
import type { ServiceCurve, TimeByBatch } from '../../../src/cost/service/service-curve.ts';
import { environment } from '../../report/fixture-bench-result.ts';

/** The server of the golden numbers: τ(b) = 3.5 + 1.25·b ms. */
export const golden = { tau0Ms: 3.5, alphaMs: 1.25 };

export interface CurveSketch {
  readonly tau0Ms?: number;
  readonly alphaMs?: number;
  readonly largestBatch?: number;
  /** Times of the draws over those of the curve. */
  readonly drawFactors?: readonly number[];
  readonly ratios?: readonly number[];
}

/** A straight curve with known times. */
export function curveOf(sketch: CurveSketch = {}): ServiceCurve {
  const { tau0Ms, alphaMs, largestBatch = 8, drawFactors = [], ratios = [] } = { ...golden, ...sketch };
  const times = (factor: number): TimeByBatch => ({ msAt: (batch) => factor * (tau0Ms + alphaMs * batch) });
  const batches = [1, largestBatch];
  return {
    ...times(1),
    kind: 'linear',
    tau0Ms,
    alphaMs,
    smallestBatch: 1,
    largestBatch,
    largestResidual: 0,
    points: batches.map((batch) => {
      const ms = times(1).msAt(batch);
      return { batch, measuredMs: { value: ms, low: ms, high: ms }, fittedMs: ms, rounds: 5 };
    }),
    draws: drawFactors.map(times),
    ratios: Float64Array.from(ratios),
  };
}

/** Measured with two threads on a machine with the processor of `c7i.2xlarge`, which holds four such replicas. */
export function measuredCurve(curve: ServiceCurve = curveOf(), rest: Partial<MeasuredCurve> = {}): MeasuredCurve {
  const processor = instanceOf('c7i.2xlarge').processor;
  return {
    index: 0,
    modelIndex: 0,
    curve,
    dims: {},
    measuredOn: {
      environment,
      ep: 'cpu',
      threads: 2,
      instances: 1,
      instance: 'c7i.2xlarge',
      processor,
      accelerator: null,
    },
    work: null,
    shares: null,
    peakRssBytes: 300 * 1024 ** 2,
    modelBytes: 10 * 1024 ** 2,
    tokens: null,
    ...rest,
  };
}

export function instanceOf(name: string): InstanceType {
  const found = loadCatalog().instances.find((instance) => instance.name === name);
  if (found === undefined) throw new Error(`the catalog has no ${name}`);
  return found;
}

export function loadOf(perSecond: number, rest: Partial<Load> = {}): Load {
  return {
    meanPerSecond: perSecond,
    peakPerSecond: perSecond,
    requestsPerMonth: perSecond * 730 * 3600,
    hourly: null,
    arrivals: { kind: 'poisson' },
    cacheHit: 0,
    ...rest,
  };
}

export function settingsOf(rest: Partial<CostSettings> = {}): CostSettings {
  return {
    load: null,
    objective: null,
    balancing: 'round-robin',
    targetUtilization: 0.6,
    minReplicas: 1,
    spareReplicas: 0,
    batch: null,
    queueDelayMs: null,
    purchases: ['on-demand'],
    reservedDiscount: null,
    spot: { fallback: 0, interruptionsPerHour: null, lostSeconds: 300 },
    ownUsdPerHour: null,
    serverless: null,
    powerUsageEffectiveness: 1.15,
    gramsPerKwh: null,
    simulate: true,
    requestsSimulated: 20_000,
    seed: 0,
    ...rest,
  };
}

export function modelOf(curve: ServiceCurve, settings: CostSettings): FleetModel {
  return new FleetModel({ curve, settings, drawn: new DrawnArrivals(settings.seed, settings.requestsSimulated) });
}
