import { z } from 'zod';
import { estimateSchema, findingSchema } from './envelope.ts';

/** What a limit makes of a figure. */
export const verdictSchema = z.enum(['pass', 'fail', 'inconclusive']);

/** A test of two models on the same samples. */
export const pairedTestSchema = z.object({
  name: z.enum(['mcnemar', 'paired-bootstrap', 'wilson', 'bootstrap']),
  /** Two-sided, of no difference; null for tests of one model alone. */
  p: z.number().nullable(),
});

/** How close an output is to that of another model. */
export const outputClosenessSchema = z.object({
  output: z.string(),
  type: z.string(),
  samples: z.number().int(),
  /** Every element equals the reference's. */
  exact: z.boolean(),
  /** 10 log10(sum of r^2 / sum of (r - x)^2) over all elements; null when exact (then it is infinite) or not finite. */
  sqnrDb: estimateSchema.nullable(),
  /** Cosine of the flattened output: mean over samples, and of all samples as one vector. */
  cosine: estimateSchema.nullable(),
  cosineOverall: z.number().nullable(),
  maxAbs: z.number().nullable(),
  /** Over |reference|, but no less than 0.001. */
  maxRel: z.number().nullable(),
  /** Share of positions with the same largest class, or on the same side of 0.5; null where that makes no sense. */
  argmaxAgreement: estimateSchema.nullable(),
  /** KL(reference || model) in nats of the softmaxed scores, or of the probabilities as they are: mean over positions. */
  kl: estimateSchema.nullable(),
  /** Share of equal elements, of outputs that are no floats. */
  equalElements: estimateSchema.nullable(),
});

/** How far a model fell behind another one, held against a limit. */
export const dropSchema = z.object({
  /** What dropped: a metric's name, `argmax-agreement` or `relative-error`. */
  of: z.string(),
  /** In the limit's unit: absolute, or relative to the reference's metric. Null where it could not be told. */
  drop: estimateSchema.nullable(),
  limit: z.object({ kind: z.enum(['points', 'absolute', 'relative']), value: z.number() }),
  /** The limit in the drop's unit. */
  threshold: z.number(),
  verdict: verdictSchema,
  samples: z.number().int(),
  /** Samples that would settle it, the figures staying as they are; null when it is settled or never will be. */
  samplesToDecide: z.number().int().nullable(),
  test: pairedTestSchema,
});

/** A model that was written; null when none was. Sizes as in `optimize`. */
export const writtenSchema = z
  .object({ path: z.string(), sizeBytes: z.number(), dataPath: z.string().nullable(), dataBytes: z.number() })
  .nullable();

/** Latency of the original over that of the model made of it, above 1 is faster; null when it was not measured. */
export const speedupSchema = z
  .object({
    ratio: estimateSchema,
    pairs: z.number().int(),
    ep: z.string(),
    threads: z.number().int(),
    beforeMs: estimateSchema,
    afterMs: estimateSchema,
  })
  .nullable();
export type Speedup = NonNullable<z.infer<typeof speedupSchema>>;

/** Of the written model against the original, on the data or on seeded inputs. */
export const comparisonSchema = z.object({
  source: z.enum(['data', 'synthetic', 'none']),
  samples: z.number().int(),
  drop: dropSchema.nullable(),
  closeness: z.array(outputClosenessSchema),
});
export type Comparison = z.infer<typeof comparisonSchema>;

/** What every model that was tried is told by. */
export const candidateShape = {
  name: z.string(),
  /** The one that was written, or would have been. */
  chosen: z.boolean(),
  /** No other one is at least as fast, small and close, and better in one of the three. */
  pareto: z.boolean(),
  sizeBytes: z.number(),
  /** p50 of the blocks' medians; null where it was not measured. */
  latencyMs: estimateSchema.nullable(),
  /** Latency of the original over its own. */
  speedup: estimateSchema.nullable(),
  /** Of the output that is farthest from the original's, in dB; null where equal or not told. */
  sqnrDb: z.number().nullable(),
  /** The point estimate that `--max-drop` limits; null without data. */
  drop: z.number().nullable(),
  /** Why it could not be built, loaded or run. */
  failure: findingSchema.nullable(),
};
