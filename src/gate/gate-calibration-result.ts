import { z } from 'zod';
import { envelopeShape, estimateSchema, findingSchema } from '../result/envelope.ts';
import { gateBlockSchema, gatedModelSchema } from './gate-result.ts';
import { measuredMetrics } from './gate-vocabulary.ts';

/** How far one metric of one scenario varies here between runs of the same model. */
export const calibrationCellSchema = z.object({
  scenario: z.string(),
  metric: z.enum(measuredMetrics),
  unit: z.enum(['ms', 'bytes', 'per-second', 'count', 'share']),
  /** Median over all blocks of both arms; null where nothing was measured. */
  value: z.number().nullable(),
  /** Pairs that the noise was told from. */
  pairs: z.number().int(),
  /** The second arm over the first, which are the same model: 1 is within the interval of a fair gate. */
  ratio: estimateSchema.nullable(),
  /** Standard deviation of the log-ratio of a pair: as measured, and as large as it may well be (80 %). */
  sd: z.number().nullable(),
  sdUpper: z.number().nullable(),
  /** What is configured; null where the metric is held to a budget alone. */
  tolerance: z.number().nullable(),
  /** Smallest change for the worse found in 4 of 5 gates of this budget, as a share, with the configured tolerance. */
  detectable: z.number().nullable(),
  /** Smallest tolerance of which twice as large a change is found in 4 of 5 gates; null where none is. */
  smallestTolerance: z.number().nullable(),
  /** Pairs, and the time of the whole gate, that the configured tolerance takes; null where none does. */
  neededPairs: z.number().int().nullable(),
  neededBudgetMs: z.number().nullable(),
  /** Whether this machine can tell the configured tolerance in this budget. */
  resolvable: z.boolean(),
});
export type CalibrationCell = z.infer<typeof calibrationCellSchema>;

export const calibratedScenarioSchema = z.object({
  name: z.string(),
  model: gatedModelSchema,
  ep: z.string(),
  batch: z.number().int().nullable(),
  threads: z.number().int(),
  instances: z.number().int(),
  dims: z.record(z.string(), z.number().int()),
  inputs: z.string(),
  plan: z.object({ pairs: z.number().int(), runs: z.number().int(), minMs: z.number() }),
  blocks: z.array(gateBlockSchema),
  failure: findingSchema.nullable(),
});

export const gateCalibrationResultSchema = z.object({
  ...envelopeShape,
  kind: z.literal('gate-calibration'),
  settings: z.object({
    alpha: z.number(),
    seed: z.number().int(),
    budgetMs: z.number(),
    maxPairs: z.number().int(),
    optimization: z.string(),
  }),
  scenarios: z.array(calibratedScenarioSchema),
  cells: z.array(calibrationCellSchema),
  suggested: z.object({
    /** Pairs that fit the budget, and those without which no result is significant. */
    pairs: z.number().int(),
    neededPairs: z.number().int(),
    /** Budget in which every configured tolerance can be told; null where none is enough. */
    budgetMs: z.number().nullable(),
  }),
  /** `fail`: a configured tolerance cannot be told in the budget. */
  verdict: z.enum(['pass', 'fail']),
  elapsedMs: z.number(),
  interrupted: z.boolean(),
});
export type GateCalibrationResult = z.infer<typeof gateCalibrationResultSchema>;
