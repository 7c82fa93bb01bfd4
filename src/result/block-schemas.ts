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
  noise: blockNoiseSchema,
});
export type Round = z.infer<typeof roundSchema>;
