import { z } from 'zod';
import { roundSchema } from '../result/block-schemas.ts';
import { envelopeShape, estimateSchema, findingSchema } from '../result/envelope.ts';

export type { BlockNoise, Round } from '../result/block-schemas.ts';

export const latencySchema = z.object({
  p50: estimateSchema,
  /** Tail percentiles are null where all blocks together hold too few runs to tell (MLPerf's rule). */
  p90: estimateSchema.nullable(),
  p95: estimateSchema.nullable(),
  p99: estimateSchema.nullable(),
  mean: estimateSchema,
  min: z.number(),
  max: z.number(),
  /** Runs behind these numbers. */
  samples: z.number().int(),
  /** Median over blocks of (p90 - p10) / p50 within a block: jitter inside a process, apart from the drift between them. */
  spreadWithin: z.number(),
});
export type Latency = z.infer<typeof latencySchema>;

export const pointSchema = z.object({
  /** Index into `models`. */
  modelIndex: z.number().int(),
  /** The model's path as given. */
  model: z.string(),
  ep: z.string(),
  /** Items a run holds; null when the model has no batch axis and none was asked for. */
  batch: z.number().int().nullable(),
  threads: z.number().int(),
  instances: z.number().int(),
  /** Every symbolic dimension as bound: asked for, read off the data or guessed. */
  dims: z.record(z.string(), z.number().int()),
  /** The dimensions that the sweep asked for: equal for points to be compared across models. */
  requestedDims: z.record(z.string(), z.number().int()),
  status: z.enum(['ok', 'failed', 'skipped']),
  /** Why it failed or was skipped. */
  reason: findingSchema.nullable(),
  loadMs: estimateSchema.nullable(),
  firstRunMs: estimateSchema.nullable(),
  latencyMs: latencySchema.nullable(),
  throughput: z
    .object({
      /** Of all instances together, and the share of one. */
      itemsPerSecond: estimateSchema,
      itemsPerSecondPerInstance: estimateSchema,
      runsPerSecond: estimateSchema,
    })
    .nullable(),
  cpuUtilization: z.number().nullable(),
  peakRssBytes: z.number().nullable(),
  gpu: z.null(),
  /** Null when there is nothing to compare with (the CPU itself). */
  outputsMatchCpu: z.boolean().nullable(),
  /** Largest difference from the CPU's outputs. */
  outputDifference: z.object({ maxAbs: z.number(), maxRel: z.number() }).nullable(),
  /** Null when the data holds no expected outputs. */
  outputsMatchExpected: z.boolean().nullable(),
  /** Nodes by the provider that ran them, for providers other than the CPU. */
  placement: z.array(z.object({ provider: z.string(), nodes: z.number().int() })).nullable(),
  /** Half-width of the p50 interval over p50; null below two rounds. */
  precision: z.number().nullable(),
  reachedPrecision: z.boolean(),
  rounds: z.array(roundSchema),
});
export type Point = z.infer<typeof pointSchema>;

export const comparisonSchema = z.object({
  /** Index into `points` of the point that is compared. */
  point: z.number().int(),
  /** Index of the same point of the first model. */
  against: z.number().int(),
  /** Latency of `against` over latency of `point`, from the paired log-ratio of each round: above 1 is faster. */
  speedup: estimateSchema,
  pairs: z.number().int(),
});
export type Comparison = z.infer<typeof comparisonSchema>;

export const modelSchema = z.object({
  path: z.string(),
  sha256: z.string(),
  sizeBytes: z.number(),
  inputs: z.array(z.object({ name: z.string(), type: z.string(), shape: z.array(z.union([z.number(), z.string()])) })),
  outputs: z.array(z.object({ name: z.string(), type: z.string(), shape: z.array(z.union([z.number(), z.string()])) })),
});
export type BenchedModel = z.infer<typeof modelSchema>;

export const benchResultSchema = z.object({
  ...envelopeShape,
  kind: z.literal('bench'),
  /** What was asked for and what makes timings comparable beside the environment. */
  settings: z.object({
    seed: z.number().int(),
    optimization: z.string(),
    precision: z.number(),
    minRuns: z.number().int(),
    minMs: z.number(),
    budgetMs: z.number(),
    /** The user asked for this budget: it is kept even at the price of runs and rounds. */
    budgetIsHard: z.boolean(),
    roundsPlanned: z.number().int(),
    inputs: z.string(),
  }),
  models: z.array(modelSchema),
  points: z.array(pointSchema),
  comparisons: z.array(comparisonSchema),
  best: z.object({
    /** Index into `points` of the lowest p50, and of the highest throughput. */
    latency: z.number().int().nullable(),
    throughput: z.number().int().nullable(),
    /** Per batch curve, the last point before a doubling of the batch gains less than 5 % throughput. */
    knees: z.array(z.number().int()),
  }),
  elapsedMs: z.number(),
  /** The run was stopped before its plan was done; what was finished is here. */
  interrupted: z.boolean(),
});
export type BenchResult = z.infer<typeof benchResultSchema>;

/** A bench result without the envelope that says when, where and by which tool it was made. */
export type BenchFindings = Omit<
  BenchResult,
  'schemaVersion' | 'kind' | 'tool' | 'createdAt' | 'command' | 'environment'
>;
