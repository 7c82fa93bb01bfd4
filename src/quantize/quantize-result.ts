import { z } from 'zod';
import { envelopeShape, findingSchema } from '../result/envelope.ts';
import {
  candidateShape,
  comparisonSchema,
  speedupSchema,
  verdictSchema,
  writtenSchema,
} from '../result/judgement-schemas.ts';
import {
  activationTypes,
  blockAlgorithms,
  calibrationMethods,
  floatReasons,
  goalNames,
  methods,
  schemes,
  targets,
  treatments,
} from './vocabulary.ts';

const quantizedNodeSchema = z.object({
  /** Its name in the file that was quantized; that of its first output where it has none. */
  name: z.string(),
  op: z.string(),
  treatment: z.enum(treatments),
  /** Why it stayed in float; null where it did not. */
  reason: z.enum(floatReasons).nullable(),
  /** The operator it is once the runtime has loaded the written model (`QLinearConv`); null where nobody looked. */
  became: z.string().nullable(),
  /** Whether that computes with integers; null where nobody looked or it stayed in float. */
  fused: z.boolean().nullable(),
  /** Signal-to-noise ratio of its quantized input in dB; null where that was not told. */
  sqnrInDb: z.number().nullable(),
  /** Of the model's outputs when this node alone is quantized, in dB; null where that was not tried. */
  sqnrOutDb: z.number().nullable(),
  /** Share of the model's MACs; null where shapes are not known. */
  macsShare: z.number().nullable(),
  /** Elements of its constant weight. */
  parameters: z.number(),
  bytesBefore: z.number(),
  bytesAfter: z.number(),
  /** From profiled runs, in ms a run, conversions around it included; null where that was not measured. */
  latencyBeforeMs: z.number().nullable(),
  latencyAfterMs: z.number().nullable(),
});
export type QuantizedNode = z.infer<typeof quantizedNodeSchema>;

const candidateSchema = z.object({
  ...candidateShape,
  /** Nodes that are quantized in it. */
  quantizedNodes: z.number().int(),
});
export type Candidate = z.infer<typeof candidateSchema>;

const goalSchema = z.object({
  goal: z.enum(goalNames),
  /** As it was asked for, such as `1%` or `1.2x`; what it amounts to where it is a default. */
  limit: z.string(),
  asked: z.boolean(),
  verdict: verdictSchema,
});
export type Goal = z.infer<typeof goalSchema>;

const calibrationSchema = z.object({
  source: z.enum(['data', 'synthetic', 'cache']),
  /** Of data or cache; null for synthetic inputs. */
  path: z.string().nullable(),
  samples: z.number().int(),
  /** Values whose range was taken. */
  values: z.number().int(),
  method: z.enum(calibrationMethods),
  ep: z.string(),
  /** Nodes that the provider left to the CPU; null where nobody asked or it is the CPU. */
  fallbackNodes: z.number().int().nullable(),
  elapsedMs: z.number(),
});

const sizeSchema = z.object({
  /** `weights in int8`, `weights in float32`, `scales and zero points`, `other constants`, `graph`. */
  kind: z.string(),
  beforeBytes: z.number(),
  afterBytes: z.number(),
});

export const quantizeResultSchema = z.object({
  ...envelopeShape,
  kind: z.literal('quantize'),
  /** Every goal was met, or could not be decided. */
  ok: z.boolean(),
  verdict: verdictSchema,
  model: z.object({ path: z.string(), sha256: z.string(), sizeBytes: z.number() }),
  output: writtenSchema,
  settings: z.object({
    scheme: z.enum(schemes),
    method: z.enum(methods),
    target: z.enum(targets),
    activations: z.enum(activationTypes),
    perChannel: z.boolean(),
    reduceRange: z.boolean(),
    blockSize: z.number().int(),
    symmetric: z.boolean(),
    algorithm: z.enum(blockAlgorithms),
    /** SmoothQuant's exponent; null where it is off. */
    smooth: z.number().nullable(),
    exclude: z.array(z.string()),
    threads: z.number().int(),
    ep: z.string(),
    seed: z.number().int(),
    samples: z.number().int().nullable(),
    dims: z.record(z.string(), z.number().int()),
  }),
  goals: z.array(goalSchema),
  calibration: calibrationSchema.nullable(),
  candidates: z.array(candidateSchema),
  /** Shares of what could be quantized that was; null where MACs are not known. */
  coverage: z.object({ macs: z.number().nullable(), parameters: z.number() }),
  nodes: z.array(quantizedNodeSchema),
  sizes: z.array(sizeSchema),
  /** Bytes of the file and its data, before and after. */
  size: z.object({ beforeBytes: z.number(), afterBytes: z.number() }),
  speedup: speedupSchema,
  evaluation: comparisonSchema,
  /** Why latency could not be measured. */
  benchFailure: findingSchema.nullable(),
  interrupted: z.boolean(),
  elapsedMs: z.number(),
});
export type QuantizeResult = z.infer<typeof quantizeResultSchema>;
