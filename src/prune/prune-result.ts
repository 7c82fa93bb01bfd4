import { z } from 'zod';
import { envelopeShape, findingSchema } from '../result/envelope.ts';
import {
  candidateShape,
  comparisonSchema,
  speedupSchema,
  verdictSchema,
  writtenSchema,
} from '../result/judgement-schemas.ts';
import { groupKinds, lockReasons } from './groups/prune-group.ts';
import { pruneGoals, pruneKinds, repairs, unitScores, weightScores } from './vocabulary.ts';

const lockSchema = z.object({
  reason: z.enum(lockReasons),
  /** Of the node; for graph inputs and outputs that of the value. */
  node: z.string(),
  op: z.string().nullable(),
});

const groupSchema = z.object({
  /** First layer that makes the units. */
  name: z.string(),
  kind: z.enum(groupKinds),
  /** Layers that make the units, and that add up over them. */
  producers: z.array(z.string()),
  consumers: z.array(z.string()),
  unitsBefore: z.number().int(),
  unitsAfter: z.number().int(),
  /** Why it stayed as it was; empty where it could be pruned. */
  locks: z.array(lockSchema),
  /** Of the model's MACs, in the layers that make or read the units, before. Shares of several groups overlap. */
  macsShare: z.number().nullable(),
  /** Of the model's time, in the same layers, from profiled runs; null where nobody measured. */
  latencyShare: z.number().nullable(),
  /** Mean score of the units that went and of those that stayed, relative to the group's mean; null where none went. */
  scoreRemoved: z.number().nullable(),
  scoreKept: z.number().nullable(),
});
export type PrunedGroup = z.infer<typeof groupSchema>;

const sensitivitySchema = z.object({
  group: z.string(),
  /** Units kept. */
  units: z.number().int(),
  /** Of the outputs when this group alone is pruned so far and repaired: KL in nats for classifiers, else the relative error. */
  error: z.number(),
  /** Share of the model's cost that it saves. */
  saved: z.number(),
});

const repairSchema = z.object({
  node: z.string(),
  /** Error of its output on calibration data over the output's own variation, before and after. */
  before: z.number(),
  after: z.number(),
  how: z.enum(repairs),
});

const candidateSchema = z.object({
  ...candidateShape,
  /** Shares kept. */
  macs: z.number().nullable(),
  parameters: z.number(),
});
export type PruneCandidate = z.infer<typeof candidateSchema>;

const goalSchema = z.object({
  goal: z.enum(pruneGoals),
  limit: z.string(),
  asked: z.boolean(),
  verdict: verdictSchema,
});
export type PruneGoal = z.infer<typeof goalSchema>;

const blockSchema = z.object({
  /** Name of the value that leaves the block. */
  name: z.string(),
  nodes: z.number().int(),
  /** 1 - cosine between what goes in and what comes out. */
  influence: z.number().nullable(),
  removed: z.boolean(),
  /** Why it could not be removed. */
  lock: z.string().nullable(),
});
export type PrunedBlock = z.infer<typeof blockSchema>;

const sparseLayerSchema = z.object({
  node: z.string(),
  weights: z.number().int(),
  /** Share of zeros. */
  zeros: z.number(),
  score: z.enum(weightScores),
  /** Relative error of its output on calibration data; null without data. */
  error: z.number().nullable(),
});
export type SparseLayer = z.infer<typeof sparseLayerSchema>;

const figuresSchema = z.object({
  parameters: z.number(),
  /** At the dimensions of `settings.dims`; null where shapes are not known. */
  macs: z.number().nullable(),
  sizeBytes: z.number(),
  /** Of the file as gzip and zstd compress it; null where nobody asked. */
  gzipBytes: z.number().nullable(),
  zstdBytes: z.number().nullable(),
});

export const pruneResultSchema = z.object({
  ...envelopeShape,
  kind: z.literal('prune'),
  /** Every goal was met, or could not be decided. */
  ok: z.boolean(),
  verdict: verdictSchema,
  model: z.object({ path: z.string(), sha256: z.string(), sizeBytes: z.number() }),
  output: writtenSchema,
  settings: z.object({
    kind: z.enum(pruneKinds),
    channels: z.number().nullable(),
    heads: z.number().nullable(),
    width: z.number().nullable(),
    layers: z.number().int().nullable(),
    /** `0.8` or `2:4`. */
    sparsity: z.string().nullable(),
    global: z.boolean(),
    score: z.enum(unitScores),
    sparsityScore: z.enum(weightScores),
    roundTo: z.number().int(),
    reconstruct: z.boolean(),
    steps: z.number().int(),
    distillEpochs: z.number().int().nullable(),
    exclude: z.array(z.string()),
    threads: z.number().int(),
    ep: z.string(),
    seed: z.number().int(),
    samples: z.number().int().nullable(),
    dims: z.record(z.string(), z.number().int()),
  }),
  goals: z.array(goalSchema),
  groups: z.array(groupSchema),
  /** Share of the MACs of Conv, Gemm and MatMul that lie in layers of which one side at least can be pruned. */
  unlockedMacs: z.number().nullable(),
  blocks: z.array(blockSchema),
  sparseLayers: z.array(sparseLayerSchema),
  sensitivity: z.array(sensitivitySchema),
  repairs: z.array(repairSchema),
  candidates: z.array(candidateSchema),
  before: figuresSchema,
  after: figuresSchema,
  /** Largest difference between removing units and masking them, relative to the outputs; null where nobody looked. */
  maskError: z.number().nullable(),
  speedup: speedupSchema,
  evaluation: comparisonSchema,
  /** Why latency could not be measured. */
  benchFailure: findingSchema.nullable(),
  interrupted: z.boolean(),
  elapsedMs: z.number(),
});
export type PruneResult = z.infer<typeof pruneResultSchema>;
