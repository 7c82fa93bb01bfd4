import { z } from 'zod';
import { envelopeShape, estimateSchema } from '../result/envelope.ts';
import { distillMetrics, lossNames, lossReasons } from './loss-kind.ts';

const identitySchema = z.object({ path: z.string(), sha256: z.string(), sizeBytes: z.number() });

const testSchema = z.object({
  name: z.enum(['mcnemar', 'paired-bootstrap']),
  /** Two-sided, of no difference; null where it cannot be told. */
  p: z.number().nullable(),
});

/** A student on the held-out samples. */
const figuresSchema = z.object({ loss: estimateSchema, metric: estimateSchema });
export type DistillFigures = z.infer<typeof figuresSchema>;

const differenceSchema = z.object({ difference: estimateSchema, test: testSchema });
export type PairedDifference = z.infer<typeof differenceSchema>;

const epochSchema = z.object({
  /** Counted from 1. */
  epoch: z.number().int(),
  /** Steps taken by its end, those of earlier epochs included. */
  steps: z.number().int(),
  /** Mean over its steps. */
  trainLoss: z.number(),
  heldOutLoss: z.number(),
  metric: z.number(),
  /** At its last step. */
  learningRate: z.number(),
  /** Evaluation included. */
  elapsedMs: z.number(),
});
export type EpochRecord = z.infer<typeof epochSchema>;

const outputLossSchema = z.object({
  output: z.string(),
  teacherOutput: z.string(),
  loss: z.enum(lossNames),
  reason: z.enum(lossReasons),
});

const parametersSchema = z.object({
  /** Tensors, and the numbers in them. */
  trained: z.object({ tensors: z.number().int(), elements: z.number() }),
  /** By `--freeze`. */
  frozen: z.object({ tensors: z.number().int(), elements: z.number() }),
  /** No gradient reaches them, or no loss depends on them. */
  unreached: z.object({ tensors: z.number().int(), elements: z.number() }),
});
export type ParameterFigures = z.infer<typeof parametersSchema>;

/** Why training ended. */
export const distillEnds = ['finished', 'early-stop', 'diverged', 'interrupted'] as const;

/** What distilling finds, without what only the command knows. */
export const distillFindingsShape = {
  data: z.object({
    path: z.string(),
    labeled: z.boolean(),
    size: z.number().int(),
    trained: z.number().int(),
    heldOut: z.number().int(),
  }),
  settings: z.object({
    batch: z.number().int(),
    epochs: z.number().int(),
    steps: z.number().int(),
    stepsPerEpoch: z.number().int(),
    optimizer: z.enum(['adamw', 'sgd']),
    /** Its peak. */
    learningRate: z.number(),
    warmUpSteps: z.number().int(),
    weightDecay: z.number(),
    maxGradientNorm: z.number().nullable(),
    temperature: z.number(),
    /** Share of the labels; 0 without labels. */
    alpha: z.number(),
    matchWeight: z.number(),
    patience: z.number().int().nullable(),
    randomInit: z.boolean(),
    seed: z.number().int(),
    /** Every symbolic dimension that was bound. */
    dims: z.record(z.string(), z.number().int()),
  }),
  losses: z.array(outputLossSchema),
  /** The student's output that the labels and the metric are about. */
  scoredOutput: z.string(),
  matches: z.array(z.object({ student: z.string(), teacher: z.string() })),
  parameters: parametersSchema,
  /** Estimated before the first step. */
  memory: z.object({
    activationBytes: z.number(),
    stateBytes: z.number(),
    constantBytes: z.number(),
    totalBytes: z.number(),
    availableBytes: z.number().nullable(),
  }),
  metric: z.object({ name: z.enum(distillMetrics), higherIsBetter: z.boolean() }),
  /** On the held-out samples: the teacher (null where the metric is about being like it), the input and the best student. */
  teacherMetric: estimateSchema.nullable(),
  before: figuresSchema,
  /** Null without a single epoch. */
  after: figuresSchema.nullable(),
  /** After less before, sample by sample. */
  improvement: z.object({ loss: differenceSchema, metric: differenceSchema }).nullable(),
  epochs: z.array(epochSchema),
  bestEpoch: z.number().int().nullable(),
  /** Median; null without a step. */
  stepMs: z.number().nullable(),
  end: z.enum(distillEnds),
  /** The epoch that a checkpoint said was done; null without one. */
  resumedFrom: z.number().int().nullable(),
  /** The best student is better than the input student on the held-out samples. */
  better: z.boolean(),
};

export const distillResultSchema = z.object({
  ...envelopeShape,
  kind: z.literal('distill'),
  teacher: identitySchema,
  student: identitySchema,
  ep: z.string(),
  threads: z.number().int(),
  ...distillFindingsShape,
  /** What was written; null when nothing was. */
  output: z
    .object({
      path: z.string(),
      sizeBytes: z.number(),
      dataPath: z.string().nullable(),
      dataBytes: z.number(),
    })
    .nullable(),
  /** Where training can be taken up again; null when nothing is kept. */
  checkpoint: z.string().nullable(),
  elapsedMs: z.number(),
});
export type DistillResult = z.infer<typeof distillResultSchema>;

/** A distillation as the domain returns it; the command adds the envelope, who the models are and what was written. */
export type DistillFindings = Pick<DistillResult, keyof typeof distillFindingsShape | 'warnings'>;
