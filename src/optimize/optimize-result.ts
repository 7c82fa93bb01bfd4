import { z } from 'zod';
import { envelopeShape, estimateSchema, findingSchema } from '../result/envelope.ts';

/** What a graph weighs. */
const graphFiguresSchema = z.object({
  /** Nodes of the main graph and of everything inside it and inside functions. */
  nodes: z.number().int(),
  /** Nodes by operator, standard operators without a domain. */
  operators: z.record(z.string(), z.number().int()),
  initializers: z.number().int(),
  /** Raw bytes of all constants, shared ones once. */
  constantBytes: z.number(),
  /** Multiply-adds of one run at the given dimensions; null where shapes are not known. */
  macs: z.number().nullable(),
  opset: z.number().int(),
  irVersion: z.number().int(),
});
export type GraphFigures = z.infer<typeof graphFiguresSchema>;

const passRecordSchema = z.object({
  pass: z.string(),
  /** Times it changed the graph, over all rounds. */
  changes: z.number().int(),
  /** Nodes it took away, less those it put in. */
  nodesRemoved: z.number().int(),
});
export type PassRecord = z.infer<typeof passRecordSchema>;

const verificationSchema = z.discriminatedUnion('status', [
  z.object({
    status: z.enum(['equal', 'different']),
    /** Sets of inputs that both models ran on: those of the data, and those made up from the seed. */
    inputs: z.number().int(),
    fromData: z.number().int(),
    data: z.string().nullable(),
    seed: z.number().int(),
    /** Two sets as one batch were tried as well, for the batch was made dynamic. */
    batched: z.boolean(),
    tolerance: z.object({ absolute: z.number(), relative: z.number() }),
    outputs: z.array(
      z.object({
        name: z.string(),
        matches: z.boolean(),
        maxAbs: z.number().nullable(),
        maxRel: z.number().nullable(),
        /** Elements over the tolerance. */
        mismatches: z.number(),
        /** The original itself gives something else the next time. */
        random: z.boolean(),
      }),
    ),
    /** Why the rewritten model could not be loaded or run. */
    failure: findingSchema.nullable(),
  }),
  z.object({ status: z.literal('skipped') }),
]);
export type Verification = z.infer<typeof verificationSchema>;

export const optimizeResultSchema = z.object({
  ...envelopeShape,
  kind: z.literal('optimize'),
  /** No output differs, or nobody looked. */
  ok: z.boolean(),
  model: z.object({ path: z.string(), sizeBytes: z.number(), externalBytes: z.number() }),
  /** What was written; null when nothing was. */
  output: z
    .object({
      path: z.string(),
      sizeBytes: z.number(),
      /** The data file written beside it, if any. */
      dataPath: z.string().nullable(),
      dataBytes: z.number(),
      /** Of all data files that it needs, also those that were there already. */
      externalBytes: z.number(),
    })
    .nullable(),
  before: graphFiguresSchema,
  after: graphFiguresSchema,
  /** Dimensions that MACs and verification were taken at. */
  dims: z.record(z.string(), z.number().int()),
  /** In the order they ran first. */
  passes: z.array(passRecordSchema),
  rounds: z.number().int(),
  verification: verificationSchema,
  /** Latency of the original over that of the optimized model: above 1 is faster. Null when it was not measured. */
  speedup: z
    .object({ ratio: estimateSchema, pairs: z.number().int(), ep: z.string(), threads: z.number().int() })
    .nullable(),
  /** Why `--bench` could not measure it. */
  benchFailure: findingSchema.nullable(),
  /** `--bench` was stopped before its plan was done; the model had been written. */
  interrupted: z.boolean(),
  elapsedMs: z.number(),
});
export type OptimizeResult = z.infer<typeof optimizeResultSchema>;
