import { z } from 'zod';

/** What disturbed one block. Shares are of the block's wall time; null where the system does not tell. */
export const blockNoiseSchema = z.object({
  stalledShare: z.number().nullable(),
  stealShare: z.number().nullable(),
  involuntarySwitchesPerSecond: z.number().nullable(),
  throttledPeriods: z.number().nullable(),
  /** Clock after the block over clock before it. */
  clockRatio: z.number().nullable(),
  /** Median latency of the last third over that of the first third. */
  driftRatio: z.number().nullable(),
  /** Rules that were broken; empty when the block is clean. */
  dirty: z.array(z.enum(['stalled', 'steal', 'switches', 'throttled', 'clock'])),
  /** This block stands in for a dirty one that was thrown away. */
  repeated: z.boolean(),
});
export type BlockNoise = z.infer<typeof blockNoiseSchema>;

/**
 * A GPU while a block measured, as its driver told. Shares are of time; null where the GPU or its driver does not tell.
 */
export const gpuBlockSchema = z.object({
  samples: z.number().int(),
  /** Mean share of the driver's sample periods in which some kernel ran: not how full the GPU was. */
  utilization: z.number().nullable(),
  memoryUtilization: z.number().nullable(),
  /** The most of it, of all processes on the GPU. */
  memoryUsedBytes: z.number().nullable(),
  /** Mean over the window in which all instances ran, and before anything of ours ran on the GPU. */
  powerW: z.number().nullable(),
  idlePowerW: z.number().nullable(),
  /** Power readings of the moment, and not means of a second or so. */
  powerIsInstant: z.boolean(),
  /** Energy of a run beyond what the idle GPU draws in its time. */
  joulesPerRun: z.number().nullable(),
  smClockMhz: z.number().nullable(),
  smClockMaxMhz: z.number().nullable(),
  /** The hottest. */
  temperatureC: z.number().nullable(),
  /** What held the clock down, and for which share of the samples. */
  throttled: z.array(z.object({ reason: z.string(), share: z.number() })).nullable(),
  /** The GPU is divided into instances (MIG): memory and power are those of all of them. */
  isMig: z.boolean(),
});
export type GpuBlock = z.infer<typeof gpuBlockSchema>;

/** Requests of a block that wrote text, as they ended; times of whole batches, rates of all instances together. */
const tokenBlockSchema = z.object({
  /** From the start of a request until its first token; of at most 1,000 requests. */
  ttftMs: z.array(z.number()),
  /** From one token of a request to the next, on average. */
  tpotMs: z.array(z.number()),
  /** From one token to the next, every `itlStride`-th kept so that at most 1,000 remain of `gaps`. */
  itlMs: z.array(z.number()),
  itlStride: z.number().int(),
  gaps: z.number().int(),
  /** Tokens of a prompt and of an answer, on average. */
  prompt: z.number(),
  generated: z.number(),
  prefillTokensPerSecond: z.number(),
  decodeTokensPerSecond: z.number(),
  outputTokensPerSecond: z.number(),
  /** Of the time of requests, what was spent outside the runtime's calls. */
  outsideShare: z.number(),
  /** How long the runtime's JavaScript side takes at least to copy the cache out once, at the end of a request; null without a cache. */
  copyMs: z.number().nullable(),
});
export type TokenBlock = z.infer<typeof tokenBlockSchema>;

/** One block: fresh processes that loaded, warmed up and measured one point once. */
export const roundSchema = z.object({
  round: z.number().int(),
  /** Position among all blocks of the run, in the order they were taken. */
  order: z.number().int(),
  /** Service times in run order, every `stride`-th kept so that at most 1,000 remain. */
  latencyMs: z.array(z.number()),
  stride: z.number().int(),
  /** Runs completed in the window in which all instances ran. */
  runs: z.number().int(),
  /** Sum, smallest and largest of all their service times, kept or not. */
  sumMs: z.number(),
  minMs: z.number(),
  maxMs: z.number(),
  /** Length of the window in which all instances ran. */
  windowMs: z.number(),
  loadMs: z.number(),
  firstRunMs: z.number(),
  warmUp: z.object({ runs: z.number().int(), elapsedMs: z.number(), settled: z.boolean() }),
  /** Processor time of all instances while they measured, over cores and wall time. */
  cpuUtilization: z.number().nullable(),
  /** Peak resident memory, summed over instances. */
  peakRssBytes: z.number().nullable(),
  /** Absent where no GPU was watched; null when too little was seen of it. */
  gpu: gpuBlockSchema.nullable().optional(),
  /** Energy of the processor packages a run, idle and other work included; absent where it cannot be read. */
  cpuJoulesPerRun: z.number().optional(),
  /** By instance, where processes were held to processors: those asked for, and where the kernel lets threads run. */
  affinity: z
    .array(
      z.object({
        asked: z.array(z.number().int()),
        threads: z.array(z.object({ processors: z.array(z.number().int()), threads: z.number().int() })).nullable(),
        /** No thread may run elsewhere, and each processor has a thread that may run there alone. */
        held: z.boolean(),
      }),
    )
    .optional(),
  /** Of points that write text: a run is a request then. */
  tokens: tokenBlockSchema.optional(),
  noise: blockNoiseSchema,
});
export type Round = z.infer<typeof roundSchema>;
