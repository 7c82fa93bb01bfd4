import { z } from 'zod';
import { estimateSchema } from './envelope.ts';

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
