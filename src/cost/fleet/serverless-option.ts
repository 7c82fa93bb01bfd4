import { scaledInterval } from '../../stats/combined-interval.ts';
import type { Interval } from '../../stats/interval.ts';
import { quantileOfSorted } from '../../stats/quantile.ts';
import type { CostOption } from '../cost-result.ts';
import type { CostSettings } from '../cost-settings.ts';
import { replicaBytes } from '../hardware/place-replicas.ts';
import { meanRatio } from '../queue/batch-stability.ts';
import { percentileOf } from './fleet-times.ts';
import { curveFactor, inverse, withRange } from './intervals.ts';
import type { MeasuredCurve } from './measured-curve.ts';
import { missed } from './why-not.ts';

/** Nobody tells the processor: taken to be near the measuring one. */
const unknownProcessor = { reach: 'same-isa', factor: 1, low: 0.8, high: 1.25, ratios: null } as const;

/** Memory that comes with a vCPU, in GiB: 1,769 MB at AWS Lambda (its documentation, "Configure memory"). */
const gibPerVcpu = 1769 / 1024;

/** One request an invocation, paid by its time and memory: nothing waits, nothing is idle, nothing is batched. */
export function serverlessOption(
  curve: MeasuredCurve,
  settings: CostSettings,
  terms: NonNullable<CostSettings['serverless']>,
): CostOption {
  const { load, objective } = settings;
  const gib = Math.max(replicaBytes(curve) / 1024 ** 3, curve.measuredOn.threads * gibPerVcpu);
  const times = timesAlone(curve, settings);
  const gibSeconds = scaledInterval(times.meanMs, gib / 1000);
  const usd = (bound: number): number =>
    (bound * terms.usdPerGbSecond + terms.usdPerRequest) * (1 - (load?.cacheHit ?? 0));
  const usdPerRequest = mapped(gibSeconds, usd);
  const usdPerMillion = scaledInterval(usdPerRequest, 1e6);
  const isLate = objective !== null && times.objectiveMs.value > objective.limitMs;
  return {
    curveIndex: curve.index,
    modelIndex: curve.modelIndex,
    ...fixed,
    flags: ['user'],
    itemsPerSecond: scaledInterval(inverse(times.meanMs), 1000),
    usdPerMillion,
    busyUsdPerMillion: usdPerMillion.value,
    usdPerRequest,
    ...tokenCosts(curve, gib * terms.usdPerGbSecond),
    monthlyUsd: load === null ? null : scaledInterval(usdPerRequest, load.requestsPerMonth),
    latencyMs: { ...times, method: 'closed-form' },
    meetsSlo: objective === null ? null : !isLate,
    obstacle: isLate
      ? missed(objective, { aloneMs: times.objectiveMs.value, reachedMs: times.objectiveMs.value })
      : null,
  };
}

/** What is the same for all of them. */
const fixed = {
  instance: 'serverless',
  cloud: 'serverless',
  region: '',
  vcpus: null,
  accelerator: null,
  purchase: 'serverless',
  usdPerHour: null,
  listedUsdPerHour: null,
  spot: null,
  priceDate: null,
  basis: 'projected',
  projection: unknownProcessor,
  batch: 1,
  queueDelayMs: 0,
  replicasPerMachine: 1,
  replicas: null,
  machines: null,
  utilization: 1,
  energy: null,
} as const;

interface TimesAlone {
  readonly meanMs: Interval;
  readonly p50Ms: Interval;
  readonly p99Ms: Interval;
  readonly objectiveMs: Interval;
}

/** Of requests that never wait; starts from cold are not in it. */
function timesAlone({ curve }: MeasuredCurve, settings: CostSettings): TimesAlone {
  const ratios = curve.ratios.length === 0 ? [1] : curve.ratios;
  const single = withRange(scaledInterval(curveFactor(curve, 1), curve.msAt(1)), unknownProcessor);
  const at = (percentile: number): Interval => scaledInterval(single, quantileOfSorted(ratios, percentile / 100));
  return {
    meanMs: scaledInterval(single, meanRatio(curve.ratios)),
    p50Ms: at(50),
    p99Ms: at(99),
    objectiveMs: at(percentileOf(settings)),
  };
}

function tokenCosts(
  { tokens }: MeasuredCurve,
  usdPerSecond: number,
): Pick<CostOption, 'usdPerMillionInputTokens' | 'usdPerMillionOutputTokens'> {
  const cost = (perSecond: Interval): Interval =>
    scaledInterval(withRange(inverse(perSecond), unknownProcessor), usdPerSecond * 1e6);
  return {
    usdPerMillionInputTokens: tokens?.inputPerSecond ? cost(tokens.inputPerSecond) : null,
    usdPerMillionOutputTokens: tokens?.outputPerSecond ? cost(tokens.outputPerSecond) : null,
  };
}

function mapped({ value, low, high }: Interval, figure: (bound: number) => number): Interval {
  return { value: figure(value), low: low === null ? null : figure(low), high: high === null ? null : figure(high) };
}
