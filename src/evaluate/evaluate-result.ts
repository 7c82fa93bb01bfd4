import { z } from 'zod';
import { pairUses } from '../data/dataset-options.ts';
import { envelopeShape, estimateSchema } from '../result/envelope.ts';
import { dropSchema, outputClosenessSchema, pairedTestSchema, verdictSchema } from '../result/judgement-schemas.ts';
import { taskNames, taskReasons } from './task.ts';

export type Verdict = z.infer<typeof verdictSchema>;

export const evaluatedMetricSchema = z.object({
  /** `accuracy`, `top5`, `macro-f1`, `exact-match`, `mse`, `cosine`, `spearman`, `perplexity`. */
  name: z.string(),
  higherIsBetter: z.boolean(),
  /** Null when it could not be told, as for outputs that are not finite. Shares are between 0 and 1. */
  value: estimateSchema.nullable(),
  samples: z.number().int(),
  /** The reference's on the same samples, the difference model - reference and the paired test of it. */
  reference: z
    .object({ value: estimateSchema.nullable(), difference: estimateSchema.nullable(), test: pairedTestSchema })
    .nullable(),
});
export type EvaluatedMetric = z.infer<typeof evaluatedMetricSchema>;

export type OutputCloseness = z.infer<typeof outputClosenessSchema>;

export type Drop = z.infer<typeof dropSchema>;

const sqnrGoalSchema = z.object({
  /** The output that is farthest from the reference. */
  output: z.string(),
  minDb: z.number(),
  sqnrDb: estimateSchema.nullable(),
  exact: z.boolean(),
  verdict: verdictSchema,
  samples: z.number().int(),
  samplesToDecide: z.number().int().nullable(),
});
export type SqnrGoal = z.infer<typeof sqnrGoalSchema>;

const modelIdentitySchema = z.object({ path: z.string(), sha256: z.string(), sizeBytes: z.number() });

const throughputSchema = z.object({
  /** Samples over the time in which the model was running. */
  itemsPerSecond: z.number().nullable(),
  /** Time in which the model was running, transfer to and from its process included. */
  modelMs: z.number(),
});
export type Throughput = z.infer<typeof throughputSchema>;

/** What evaluating finds, without what only the command knows. */
export const evaluateFindingsShape = {
  task: z.object({
    name: z.enum(taskNames),
    asked: z.boolean(),
    reason: z.enum(taskReasons),
    /** The output that was scored. */
    output: z.string().nullable(),
  }),
  /** Samples that were run. */
  samples: z.number().int(),
  /** The primary metric first; empty without labels, except for language models. */
  metrics: z.array(evaluatedMetricSchema),
  /** What the outputs were compared with: the reference's, or those that the data say to expect. */
  closenessTo: z.enum(['reference', 'expected']).nullable(),
  closeness: z.array(outputClosenessSchema),
  drop: dropSchema.nullable(),
  sqnr: sqnrGoalSchema.nullable(),
  /** The worse of `drop`'s and `sqnr`'s; null without a goal. */
  verdict: verdictSchema.nullable(),
  throughput: throughputSchema,
  referenceThroughput: throughputSchema.nullable(),
  elapsedMs: z.number(),
  /** It was stopped before all samples were run. */
  interrupted: z.boolean(),
};

export const evaluateResultSchema = z.object({
  ...envelopeShape,
  kind: z.literal('evaluate'),
  model: modelIdentitySchema,
  reference: modelIdentitySchema.nullable(),
  data: z.object({ path: z.string(), size: z.number().int(), labeled: z.boolean() }),
  settings: z.object({
    batch: z.number().int(),
    threads: z.number().int(),
    ep: z.string(),
    /** onnxruntime's graph optimization level. */
    optimization: z.string(),
    seed: z.number().int(),
    /** `--samples`; null for all. */
    samples: z.number().int().nullable(),
    /** Every symbolic dimension that was bound, beside the batch. */
    dims: z.record(z.string(), z.number().int()),
    /** What was done with pairs of texts; null where the data have none. */
    pairs: z.enum(pairUses).nullable(),
    topK: z.number().int(),
    blank: z.number().int(),
    context: z.number().int().nullable(),
  }),
  /** The goals as they were asked for. */
  goal: z.object({ maxDrop: z.string().nullable(), minSqnrDb: z.number().nullable() }),
  ...evaluateFindingsShape,
});
export type EvaluateResult = z.infer<typeof evaluateResultSchema>;

/** An evaluation as the domain returns it; the command adds the envelope, the settings and who the models are. */
export type EvaluateFindings = Pick<EvaluateResult, keyof typeof evaluateFindingsShape | 'warnings'>;
