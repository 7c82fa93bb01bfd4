import { z } from 'zod';
import { envelopeShape, estimateSchema } from '../result/envelope.ts';
import { bounds, nodeFates } from './profile-vocabulary.ts';
import { remedySchema } from './remedy-result.ts';

/** A kernel that the runtime ran: a node of its optimized graph, `main` or in a body. */
export const profiledKernelSchema = z.object({
  name: z.string(),
  op: z.string(),
  provider: z.string(),
  /** The If, Loop or Scan in whose body it ran: an index into `kernels`; null in the main graph. */
  within: z.number().int().nullable(),
  /** Of the self times of all kernels, less what profiling adds to each; intervals over blocks of runs. */
  share: estimateSchema,
  /** The share of the unprofiled median; what a run of it takes. */
  timeMs: estimateSchema,
  /** As the profile told it, slowed by profiling. */
  profiledMs: z.number(),
  /** Executions in a run; 0.5 for a node of a branch that every second run takes. */
  calls: z.number(),
  macs: z.number().nullable(),
  /** Read and written, weights included. */
  bytes: z.number().nullable(),
  gflopPerSecond: z.number().nullable(),
  gbPerSecond: z.number().nullable(),
  /** FLOP a byte. */
  intensity: z.number().nullable(),
  bound: z.enum(bounds).nullable(),
  /** Of the nearer roof that it reaches; above 1 where its data lie in a cache, which is quicker than memory. */
  roofShare: z.number().nullable(),
  /** Of the arena, in use at its end; null where the provider does not tell. */
  arenaBytes: z.number().nullable(),
  /** Of its time, what the threads waited for one another; null with one thread. */
  waitShare: z.number().nullable(),
  inputs: z.array(z.object({ type: z.string(), dims: z.array(z.number()) })),
  outputs: z.array(z.object({ type: z.string(), dims: z.array(z.number()) })),
  /** It moves values between providers, or changes their layout, and was not in the file. */
  added: z.enum(['copy', 'layout', 'cast', 'quantization']).nullable(),
  /** Nodes of the file whose work it does: indices into `nodes`. The first is the one that it is named for. */
  fileNodes: z.array(z.number().int()),
});
export type ProfiledKernel = z.infer<typeof profiledKernelSchema>;

/** A node of the file. */
export const profiledNodeSchema = z.object({
  name: z.string(),
  op: z.string(),
  provider: z.string().nullable(),
  fate: z.enum(nodeFates),
  /** Indices into `kernels`. */
  kernels: z.array(z.number().int()),
  /** Of its kernels; that of a kernel which does the work of several nodes is at the one that takes most of it. */
  share: z.number(),
  timeMs: z.number(),
  macs: z.number().nullable(),
  bytes: z.number().nullable(),
  bound: z.enum(bounds).nullable(),
});
export type ProfiledNode = z.infer<typeof profiledNodeSchema>;

/** What the machine reaches at best, measured: products of 1024 by 1024 and additions of tensors beyond its caches. */
export const roofsSchema = z.object({
  provider: z.string(),
  threads: z.number().int(),
  /** Of float32. */
  gflopPerSecond: z.number(),
  gbPerSecond: z.number(),
  /** The same of other types, two operations a MAC; absent where the model has no such kernels or they do not run. */
  int8GopPerSecond: z.number().optional(),
  float16GflopPerSecond: z.number().optional(),
  /** FLOP a byte where they meet. */
  ridge: z.number(),
  /** Others wanted the processor while they were measured: they may be higher. */
  disturbed: z.boolean().optional(),
  /** ISO 8601. */
  measuredAt: z.string(),
  cached: z.boolean(),
});
export type Roofs = z.infer<typeof roofsSchema>;

export const profileSubjectSchema = z.object({
  model: z.object({ path: z.string(), sha256: z.string(), sizeBytes: z.number() }),
  ep: z.string(),
  threads: z.number().int(),
  batch: z.number().int().nullable(),
  dims: z.record(z.string(), z.number().int()),
  /** Unprofiled, from interleaved blocks. */
  latencyMs: estimateSchema,
  /** Median of a profiled run: how much profiling distorts. */
  profiledMs: z.number(),
  profiledRuns: z.number().int(),
  /** Self times of kernels over the profile's own time of a run; and the part in which it wrote itself down. */
  coverage: z.number(),
  writingShare: z.number(),
  macs: z.number().nullable(),
  roofs: roofsSchema.nullable(),
  operators: z.array(
    z.object({ op: z.string(), count: z.number().int(), share: estimateSchema, timeMs: estimateSchema }),
  ),
  kernels: z.array(profiledKernelSchema),
  nodes: z.array(profiledNodeSchema),
  arenaPeakBytes: z.number().nullable(),
  /** The profiled run that took the middle time, kernel by kernel as they ended; null where a run has too many. */
  typicalRun: z
    .object({
      durationMs: z.number(),
      events: z.array(
        z.object({
          /** Index into `kernels`. */
          kernel: z.number().int(),
          /** Since the run began. */
          startMs: z.number(),
          durationMs: z.number(),
        }),
      ),
    })
    .nullable(),
  remedies: z.array(remedySchema),
});
export type ProfileSubject = z.infer<typeof profileSubjectSchema>;

export const profileResultSchema = z.object({
  ...envelopeShape,
  kind: z.literal('profile'),
  ...profileSubjectSchema.shape,
  /** `--compare`: the same of another model or provider, and which nodes answer to which. */
  compared: z
    .object({
      subject: profileSubjectSchema,
      /** Latency of the first over that of the other, from paired blocks. */
      ratio: estimateSchema,
      pairs: z.array(
        z.object({
          /** Indices into `nodes` of each; null where it has no counterpart. */
          first: z.number().int().nullable(),
          other: z.number().int().nullable(),
          timeMs: z.number(),
          otherMs: z.number(),
        }),
      ),
      /** Share of the nodes that were paired by name, or by operator and place. */
      matched: z.number(),
    })
    .nullable(),
  settings: z.object({ seed: z.number().int(), optimization: z.string(), budgetMs: z.number(), inputs: z.string() }),
  /** Of blocks, plain and profiled: intervals are over them. */
  rounds: z.number().int(),
  /** Ctrl-C: figures are of the rounds that were finished. */
  interrupted: z.boolean(),
  elapsedMs: z.number(),
});
export type ProfileResult = z.infer<typeof profileResultSchema>;
