import type { CostCurve, CostedModel, CostOption, CostResult, ExcludedOption } from '../../src/cost/cost-result.ts';
import type { Estimate } from '../../src/result/envelope.ts';
import { environment } from './fixture-bench-result.ts';

/** A value whose interval is so many times smaller and larger. */
export function around(value: number, factor: number, slower = factor): Estimate {
  return { value, low: value / factor, high: value * slower };
}

export const exactly = (value: number): Estimate => ({ value, low: value, high: value });
const times = ({ value, low, high }: Estimate, by: number): Estimate => ({
  value: value * by,
  low: low === null ? null : low * by,
  high: high === null ? null : high * by,
});

export function model(label: string, sketch: Partial<CostedModel> = {}): CostedModel {
  return {
    label,
    path: `models/${label}`,
    sha256: 'a'.repeat(64),
    sizeBytes: 4_700_000,
    results: ['bench.json'],
    accuracy: null,
    ...sketch,
  };
}

/** 3.5 ms + 1.25 ms an item. */
export function curve(sketch: Partial<CostCurve> = {}): CostCurve {
  const { tau0Ms = 3.5, alphaMs = 1.25 } = sketch;
  return {
    modelIndex: 0,
    result: 'bench.json',
    processor: 'Intel(R) Xeon(R) Platinum 8488C',
    fingerprint: '9f2c41d07ab35e68',
    ep: 'cpu',
    threads: 2,
    instances: 1,
    dims: {},
    kind: 'linear',
    tau0Ms,
    alphaMs,
    meanOverMedian: 1,
    largestResidual: 0.012,
    points: [1, 2, 4, 8].map((batch) => ({
      batch,
      measuredMs: around((tau0Ms + alphaMs * batch) * 1.005, 1.01),
      fittedMs: tau0Ms + alphaMs * batch,
      rounds: 5,
    })),
    shares: { compute: 0.5, memory: 0.3, overhead: 0.2 },
    tokens: null,
    ...sketch,
  };
}

/** What an option is made of; its figures follow by the formulas of the reference, worked out once more here. */
export interface OptionSketch {
  readonly of?: CostCurve;
  readonly batch?: number;
  readonly replicasPerMachine?: number;
  readonly listed?: number;
  readonly paid?: number;
  /** Whole, and with an interval if one of the two ends of the times takes others. */
  readonly machines?: Estimate;
  readonly load?: CostResult['load'];
  readonly utilization?: number;
  /** How far measured times may be off, as a factor. */
  readonly spread?: number;
  readonly rest?: Partial<CostOption>;
}

export function option(sketch: OptionSketch = {}): CostOption {
  const { of = curve(), batch = 8, replicasPerMachine = 1, listed = 0.357, load = null, spread = 1.012 } = sketch;
  const { paid = listed, machines = exactly(1), utilization = 0.6, rest = {} } = sketch;
  const factor = rest.projection ?? { factor: 1, low: 1, high: 1 };
  const perItemMs = ((of.tau0Ms + of.alphaMs * batch) * of.meanOverMedian) / batch / replicasPerMachine;
  const rate = (by: number): number => 1000 / (perItemMs * by);
  const itemsPerSecond = {
    value: rate(factor.factor),
    low: rate(factor.high * spread),
    high: rate(factor.low / spread),
  };
  const reaching = 1 - (load?.cacheHit ?? 0);
  const used = load === null ? utilization : (load.meanPerSecond * reaching) / (machines.value * itemsPerSecond.value);
  const costAt = (perSecond: number): number => (paid / 3600 / (perSecond * used)) * 1e6;
  const usdPerMillion =
    load === null
      ? {
          value: costAt(itemsPerSecond.value),
          low: costAt(itemsPerSecond.high),
          high: costAt(itemsPerSecond.low),
        }
      : times(machines, (paid / 3600 / load.meanPerSecond) * 1e6);
  const latency = (ms: number, spread: number): Estimate =>
    around(ms * factor.factor, (spread * factor.factor) / factor.low, (spread * factor.high) / factor.factor);
  const watts = 40 + 60 * used;
  const perMachine = load === null ? itemsPerSecond.value * used : load.meanPerSecond / machines.value;
  const kwhPerMillion = (watts * 1.2 * 1e6) / (3.6e6 * perMachine);
  return {
    curveIndex: 0,
    modelIndex: of.modelIndex,
    instance: 'c7i.2xlarge',
    cloud: 'aws',
    region: 'us-east-1',
    vcpus: 8,
    accelerator: null,
    purchase: 'on-demand',
    usdPerHour: paid,
    listedUsdPerHour: listed,
    spot: null,
    priceDate: '2026-07-20',
    flags: [],
    basis: 'measured',
    projection: null,
    batch,
    queueDelayMs: 0,
    replicasPerMachine,
    replicas: load === null ? null : times(machines, replicasPerMachine),
    machines: load === null ? null : machines,
    itemsPerSecond,
    utilization: used,
    usdPerMillion,
    busyUsdPerMillion: (paid / 3600 / itemsPerSecond.value) * 1e6 * reaching,
    usdPerRequest: times(usdPerMillion, 1e-6),
    usdPerMillionInputTokens: null,
    usdPerMillionOutputTokens: null,
    monthlyUsd: load === null ? null : times(machines, paid * 730),
    latencyMs: {
      meanMs: latency(9.1, 1.03),
      p50Ms: latency(8.2, 1.03),
      p99Ms: latency(24.8, 1.06),
      objectiveMs: latency(24.8, 1.06),
      method: 'simulated',
    },
    meetsSlo: null,
    obstacle: null,
    energy: {
      wattsPerMachine: watts,
      idleWatts: 40,
      fullWatts: 100,
      kwhPerMillion,
      gramsPerMillion: kwhPerMillion * 369.5,
      gramsPerKwh: 369.5,
      kwhPerMonth: load === null ? null : (machines.value * watts * 1.2 * 730) / 1000,
    },
    ...rest,
  };
}

export function excluded(sketch: Partial<ExcludedOption> = {}): ExcludedOption {
  return {
    curveIndex: 0,
    modelIndex: 0,
    instance: 'c7i.large',
    cloud: 'aws',
    region: 'us-east-1',
    obstacle: {
      code: 'cost-does-not-fit',
      details: { instance: 'aws/us-east-1/c7i.large', what: 'vcpus', needed: 4, available: 2 },
    },
    ...sketch,
  };
}

export function costResult(sketch: Partial<CostResult> = {}): CostResult {
  return {
    schemaVersion: 1,
    tool: { name: 'infer', version: '0.1.0' },
    createdAt: '2026-09-18T05:06:07.000Z',
    command: ['infer', 'cost', 'bench.json'],
    environment,
    warnings: [],
    kind: 'cost',
    models: [model('cnn.onnx')],
    curves: [curve()],
    load: null,
    objective: null,
    settings: {
      seed: 0,
      hoursPerMonth: 730,
      targetUtilization: 0.6,
      balancing: 'round-robin',
      minReplicas: 1,
      spareReplicas: 0,
      reservedDiscount: null,
      spotFallback: 0,
      spotLostSeconds: 300,
      powerUsageEffectiveness: 1.2,
      gramsPerKwh: null,
      simulated: true,
      requestsSimulated: 200_000,
      serverless: null,
    },
    options: [option()],
    excluded: [],
    cheapest: 0,
    alternatives: [
      { modelIndex: 0, option: 0, ratio: null, savingPerMillionUsd: null, savingPerMonthUsd: null, isPareto: null },
    ],
    route: null,
    apiBreakEven: null,
    edgeBreakEven: null,
    workflow: null,
    prices: { oldest: '2026-07-20', undated: 0, daysOld: 60 },
    elapsedMs: 3210,
    ...sketch,
  };
}
