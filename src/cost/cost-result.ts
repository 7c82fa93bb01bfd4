import { z } from 'zod';
import { envelopeShape, estimateSchema, findingSchema } from '../result/envelope.ts';
import {
  alternativeSchema,
  apiBreakEvenSchema,
  edgeBreakEvenSchema,
  routeSchema,
  workflowCostSchema,
} from './what-if-result.ts';
import { balancings, bases, catalogFlags, projectionReaches, purchases } from './vocabulary.ts';

export type { Alternative, ApiBreakEven, EdgeBreakEven, Route, WorkflowCost } from './what-if-result.ts';

const flagsSchema = z.array(z.enum(catalogFlags));

export const costedModelSchema = z.object({
  /** What tables call it: the file's name, made different where two are alike. */
  label: z.string(),
  path: z.string(),
  sha256: z.string(),
  sizeBytes: z.number(),
  /** Saved results that it was found in. */
  results: z.array(z.string()),
  /** Of an `evaluate` result of the same file, its first metric. */
  accuracy: z.object({ metric: z.string(), higherIsBetter: z.boolean(), value: estimateSchema }).nullable(),
});
export type CostedModel = z.infer<typeof costedModelSchema>;

export const costCurveSchema = z.object({
  /** Index into `models`. */
  modelIndex: z.number().int(),
  /** The saved result that it is from. */
  result: z.string(),
  processor: z.string(),
  fingerprint: z.string(),
  ep: z.string(),
  threads: z.number().int(),
  /** Replicas that were measured side by side. */
  instances: z.number().int(),
  dims: z.record(z.string(), z.number().int()),
  kind: z.enum(['linear', 'piecewise']),
  tau0Ms: z.number(),
  alphaMs: z.number(),
  /** Mean time of single runs over their median, which the curve tells. */
  meanOverMedian: z.number(),
  largestResidual: z.number(),
  points: z.array(
    z.object({ batch: z.number().int(), measuredMs: estimateSchema, fittedMs: z.number(), rounds: z.number().int() }),
  ),
  /** Of the measured time, by a roofline; null where the model file could not be looked at. */
  shares: z.object({ compute: z.number(), memory: z.number(), overhead: z.number() }).nullable(),
  /** For language models: of one replica that does nothing else; null where it was not measured. */
  tokens: z
    .object({
      inputPerSecond: estimateSchema.nullable(),
      outputPerSecond: estimateSchema.nullable(),
      /** Of each item that was measured. */
      prompt: z.number(),
      generated: z.number(),
    })
    .nullable(),
});
export type CostCurve = z.infer<typeof costCurveSchema>;

const latencySchema = z.object({
  meanMs: estimateSchema,
  p50Ms: estimateSchema,
  p99Ms: estimateSchema,
  /** At the percentile of the objective; p99 without one. */
  objectiveMs: estimateSchema,
  /** `simulated`: by discrete events; `closed-form`: the mean alone is exact, percentiles are bounds. */
  method: z.enum(['simulated', 'closed-form']),
});

export const costOptionSchema = z.object({
  /** Index into `curves`; its model is the one that is served. */
  curveIndex: z.number().int(),
  modelIndex: z.number().int(),
  instance: z.string(),
  cloud: z.string(),
  region: z.string(),
  vcpus: z.number().nullable(),
  accelerator: z.string().nullable(),
  purchase: z.enum(purchases),
  /** Of one machine, after interruptions, fallback and discount; null for serverless. */
  usdPerHour: z.number().nullable(),
  /** As listed, before those. */
  listedUsdPerHour: z.number().nullable(),
  /** What a spot price was made of; null for other purchases. */
  spot: z
    .object({
      /** Interruptions an hour. */
      interruptionsPerHour: z.number(),
      /** Paid in the share of hours that fall back to it. */
      onDemandUsdPerHour: z.number(),
    })
    .nullable(),
  priceDate: z.string().nullable(),
  flags: flagsSchema,
  basis: z.enum(bases),
  /** What measured times are multiplied by, and its range; null where measured. */
  projection: z
    .object({
      reach: z.enum(projectionReaches),
      factor: z.number(),
      low: z.number(),
      high: z.number(),
      /** Time there over time here of what arithmetic, memory and neither of them bounds; null without shares. */
      ratios: z.object({ compute: z.number(), memory: z.number(), overhead: z.number() }).nullable(),
    })
    .nullable(),
  /** Chosen: the cheapest that meets the objective. */
  batch: z.number().int(),
  queueDelayMs: z.number(),
  replicasPerMachine: z.number().int(),
  replicas: estimateSchema.nullable(),
  machines: estimateSchema.nullable(),
  /** Of one machine, all of its replicas busy. */
  itemsPerSecond: estimateSchema,
  /** Share of the paid capacity that is used. */
  utilization: z.number(),
  usdPerMillion: estimateSchema,
  /** What would be paid if nothing were idle. */
  busyUsdPerMillion: z.number(),
  usdPerRequest: estimateSchema,
  usdPerMillionInputTokens: estimateSchema.nullable(),
  usdPerMillionOutputTokens: estimateSchema.nullable(),
  monthlyUsd: estimateSchema.nullable(),
  latencyMs: latencySchema.nullable(),
  meetsSlo: z.boolean().nullable(),
  /** Why it cannot serve the load or misses the objective. */
  obstacle: findingSchema.nullable(),
  energy: z
    .object({
      wattsPerMachine: z.number(),
      /** Of one machine, doing nothing and fully busy. */
      idleWatts: z.number(),
      fullWatts: z.number(),
      kwhPerMillion: z.number(),
      gramsPerMillion: z.number().nullable(),
      gramsPerKwh: z.number().nullable(),
      kwhPerMonth: z.number().nullable(),
    })
    .nullable(),
});
export type CostOption = z.infer<typeof costOptionSchema>;

/** A machine without figures: the model does not fit it, or nothing is known to carry times to it. */
export const excludedOptionSchema = z.object({
  curveIndex: z.number().int(),
  modelIndex: z.number().int(),
  instance: z.string(),
  cloud: z.string(),
  region: z.string(),
  obstacle: findingSchema,
});
export type ExcludedOption = z.infer<typeof excludedOptionSchema>;

export const costResultSchema = z.object({
  ...envelopeShape,
  kind: z.literal('cost'),
  models: z.array(costedModelSchema),
  curves: z.array(costCurveSchema),
  load: z
    .object({
      meanPerSecond: z.number(),
      peakPerSecond: z.number(),
      requestsPerMonth: z.number(),
      hourly: z.array(z.number()).nullable(),
      arrivals: z.enum(['poisson', 'gamma', 'trace']),
      /** Coefficient of variation of the gaps. */
      variation: z.number(),
      cacheHit: z.number(),
    })
    .nullable(),
  objective: z.object({ percentile: z.number(), limitMs: z.number() }).nullable(),
  settings: z.object({
    seed: z.number().int(),
    hoursPerMonth: z.number(),
    /** Of the peak capacity, what is used without a load, and at most with one. */
    targetUtilization: z.number(),
    balancing: z.enum(balancings),
    minReplicas: z.number().int(),
    /** Replicas beyond what the load needs. */
    spareReplicas: z.number().int(),
    reservedDiscount: z.number().nullable(),
    spotFallback: z.number(),
    spotLostSeconds: z.number(),
    powerUsageEffectiveness: z.number(),
    gramsPerKwh: z.number().nullable(),
    simulated: z.boolean(),
    requestsSimulated: z.number().int(),
    serverless: z.object({ usdPerGbSecond: z.number(), usdPerRequest: z.number() }).nullable(),
  }),
  /** Ranked: those that meet the objective by their cost, projections to accelerators last; then the others. */
  options: z.array(costOptionSchema),
  excluded: z.array(excludedOptionSchema),
  /** Index into `options` of the cheapest that serves and meets the objective. */
  cheapest: z.number().int().nullable(),
  alternatives: z.array(alternativeSchema),
  route: routeSchema.nullable(),
  apiBreakEven: apiBreakEvenSchema.nullable(),
  edgeBreakEven: edgeBreakEvenSchema.nullable(),
  workflow: workflowCostSchema.nullable(),
  prices: z.object({
    /** The oldest price that an option uses; null where none is dated. */
    oldest: z.string().nullable(),
    undated: z.number().int(),
    daysOld: z.number().nullable(),
  }),
  elapsedMs: z.number(),
});
export type CostResult = z.infer<typeof costResultSchema>;
export type CostFindings = Omit<
  CostResult,
  'schemaVersion' | 'kind' | 'tool' | 'createdAt' | 'command' | 'environment'
>;
