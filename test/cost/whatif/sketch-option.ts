import type { CostCurve, CostOption } from '../../../src/cost/cost-result.ts';
import type { CostSettings } from '../../../src/cost/cost-settings.ts';
import type { Load } from '../../../src/cost/load.ts';

export const exact = (value: number) => ({ value, low: value, high: value });

/** A machine with one replica that answers 592.593 items a second for $0.357 an hour, at a utilization of 0.6. */
export function sketchOption(changes: Partial<CostOption> = {}): CostOption {
  return {
    curveIndex: 0,
    modelIndex: 0,
    instance: 'c7i.2xlarge',
    cloud: 'aws',
    region: 'us-east-1',
    vcpus: 8,
    accelerator: null,
    purchase: 'on-demand',
    usdPerHour: 0.357,
    listedUsdPerHour: 0.357,
    spot: null,
    priceDate: '2026-07-20',
    flags: [],
    basis: 'measured',
    projection: null,
    batch: 8,
    queueDelayMs: 0,
    replicasPerMachine: 1,
    replicas: null,
    machines: null,
    itemsPerSecond: exact(8000 / 13.5),
    utilization: 0.6,
    usdPerMillion: exact(0.278_906_25),
    busyUsdPerMillion: 0.167_343_75,
    usdPerRequest: exact(0.278_906_25e-6),
    usdPerMillionInputTokens: null,
    usdPerMillionOutputTokens: null,
    monthlyUsd: null,
    latencyMs: null,
    meetsSlo: null,
    obstacle: null,
    energy: null,
    ...changes,
  };
}

export function sketchCurve(changes: Partial<CostCurve> = {}): CostCurve {
  return {
    modelIndex: 0,
    result: 'bench.json',
    processor: 'processor',
    fingerprint: 'f',
    ep: 'cpu',
    threads: 8,
    instances: 1,
    dims: {},
    kind: 'linear',
    tau0Ms: 3.5,
    alphaMs: 1.25,
    meanOverMedian: 1,
    largestResidual: 0,
    points: [],
    shares: null,
    tokens: null,
    ...changes,
  };
}

export const sketchLoad: Load = {
  meanPerSecond: 100,
  peakPerSecond: 250,
  requestsPerMonth: 262_800_000,
  hourly: null,
  arrivals: { kind: 'poisson' },
  cacheHit: 0,
};

export function sketchSettings(changes: Partial<CostSettings> = {}): CostSettings {
  return {
    load: null,
    objective: null,
    balancing: 'least-outstanding',
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
    powerUsageEffectiveness: 1.2,
    gramsPerKwh: null,
    simulate: false,
    requestsSimulated: 1000,
    seed: 0,
    ...changes,
  };
}
