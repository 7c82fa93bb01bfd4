import { z } from 'zod';
import { gpuBlockSchema, roundSchema } from '../result/block-schemas.ts';
import { loadRunSchema, maxRateSchema, objectiveSchema } from './load/load-result.ts';
import { envelopeShape, estimateSchema, findingSchema } from '../result/envelope.ts';

export type { BlockNoise, GpuBlock, Round, TokenBlock } from '../result/block-schemas.ts';

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

/** What was written after a prompt; texts are there where a tokenizer was given. */
export const textSampleSchema = z.object({
  prompt: z.array(z.number().int()),
  generated: z.array(z.number().int()),
  promptText: z.string().optional(),
  text: z.string().optional(),
  /** Whether running the whole text anew for each token writes the same; null without a cache. */
  matchesUncached: z.boolean().nullable(),
});
export type TextSample = z.infer<typeof textSampleSchema>;

/**
 * Of a language model that generated: times of one request, which is a batch of sequences, rates of all instances
 * together. What is optional is not in results of other tools.
 */
export const generationSchema = z.object({
  /** Tokens of a sequence's prompt, and that it was answered with. */
  prompt: z.number(),
  generated: z.number(),
  /** From the start of a request until its first token: median. */
  ttftMs: estimateSchema,
  /** From one token to the next, on average over a request: its median over requests. */
  tpotMs: estimateSchema,
  /** From one token to the next: median and 99th percentile over all of them; null where they are too few. */
  itlMs: estimateSchema,
  itlP99Ms: estimateSchema.nullable().optional(),
  /** Times between tokens behind these. */
  gaps: z.number().int().optional(),
  /** Tokens of prompts over the time until the first token. */
  prefillTokensPerSecond: estimateSchema,
  /** Tokens after the first over the time after the first. */
  decodeTokensPerSecond: estimateSchema,
  /** Of one sequence, while its tokens come. */
  tokensPerSecondPerUser: estimateSchema.optional(),
  /** All tokens that were written over all of the time, reading prompts included. */
  outputTokensPerSecond: estimateSchema.optional(),
  /** By which the cache of a sequence grows with a token, and the cache of a request at its end; null without one. */
  kvBytesPerToken: z.number().nullable().optional(),
  cacheBytes: z.number().nullable().optional(),
  /** Tokens that the model has positions for; null where it does not tell. */
  contextLimit: z.number().nullable().optional(),
  /** Of the time of a request: what was spent outside the runtime's calls, with choosing tokens and feeding them. */
  outsideShare: z.number().optional(),
  /** Of the time between tokens: what copying the cache out of the runtime takes at least, which its calls include. */
  copyShare: z.number().nullable().optional(),
  /** Whether the first tokens have the logits that running the whole text anew gives; null without a cache. */
  matchesUncached: z.boolean().nullable().optional(),
  uncachedDifference: z.object({ maxAbs: z.number(), maxRel: z.number() }).nullable().optional(),
  /** Nothing ended a text before its length. */
  isForced: z.boolean().optional(),
  /** Where it was asked for. */
  sample: textSampleSchema.optional(),
});

/** The GPU of a point on cuda or tensorrt, over all of its blocks; figures are null where it was not watched. */
export const gpuSchema = z.object({
  ...gpuBlockSchema.omit({ joulesPerRun: true }).shape,
  /** As CUDA counts them. */
  device: z.number().int(),
  /** Energy beyond what the idle GPU draws in the same time. */
  joulesPerRun: estimateSchema.nullable(),
  joulesPerItem: estimateSchema.nullable(),
  /** Bytes of a run's inputs and outputs, which lie in the CPU's memory: their copies are part of the latency. */
  copies: z.object({ toDeviceBytes: z.number(), fromDeviceBytes: z.number() }).nullable(),
});
export type GpuUse = z.infer<typeof gpuSchema>;

/** Where a point ran that ran in a browser. */
export const browserSchema = z.object({
  /** Name and version of the program. */
  browser: z.string(),
  onnxruntimeWeb: z.string(),
  /** Cross-origin isolated: a clock of 5 µs instead of 100 µs, and threads for WebAssembly. */
  isIsolated: z.boolean(),
  /** Null without WebGPU. */
  adapter: z
    .object({
      vendor: z.string(),
      architecture: z.string(),
      device: z.string(),
      description: z.string(),
      /** In software, or otherwise much slower than the machine could be. */
      isFallback: z.boolean(),
      features: z.array(z.string()),
      /** By their WebGPU names; bytes and counts. */
      limits: z.record(z.string(), z.number()),
    })
    .nullable(),
});
export type BrowserUse = z.infer<typeof browserSchema>;

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
  /** Energy of the processor packages (RAPL), idle and other work included: of a run and of an item. Absent where it cannot be read. */
  cpuEnergy: z.object({ joulesPerRun: estimateSchema, joulesPerItem: estimateSchema }).optional(),
  /** Processors by instance, where processes were held to some; `held` is what the kernel says of all blocks. */
  pinned: z.object({ processors: z.array(z.array(z.number().int())), held: z.boolean() }).optional(),
  /** Of points in a browser. */
  browser: browserSchema.optional(),
  /** Null on providers that are not NVIDIA's. */
  gpu: gpuSchema.nullable(),
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
  tokens: generationSchema.optional(),
  /** Under load, a rate each, in the order in which they were asked for. */
  loads: z.array(loadRunSchema).optional(),
  /** The highest rate that meets the objective, where it was searched. */
  maxRate: maxRateSchema.optional(),
});
export type Point = z.infer<typeof pointSchema>;

export const latencyLimitSchema = z.object({ percentile: z.enum(['p50', 'p90', 'p95', 'p99']), limitMs: z.number() });
export type LatencyLimit = z.infer<typeof latencyLimitSchema>;

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
    /** A limit that the user set to the latency of a run. */
    maxLatency: latencyLimitSchema.optional(),
    /** Of requests under load, from their scheduled arrival. */
    objective: objectiveSchema.optional(),
  }),
  models: z.array(modelSchema),
  points: z.array(pointSchema),
  comparisons: z.array(comparisonSchema),
  best: z.object({
    /** Index into `points` of the lowest p50, and of the highest throughput. */
    latency: z.number().int().nullable(),
    throughput: z.number().int().nullable(),
    /** Where a limit was set: the highest throughput of the points that surely keep it, with outputs not wrong; null when none does. */
    withinLimit: z.number().int().nullable().optional(),
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
