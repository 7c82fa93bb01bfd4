import { z } from 'zod';
import { text, texts } from './config-values.ts';
import { judgedConfig } from './scoring-config.ts';

/** Options of `infer quantize`, by the names of its flags in camel case. */
export const quantizeSchema = z
  .strictObject({
    ...judgedConfig,
    models: z.array(z.string()).max(1).describe('the model to quantize when none is named on the command line'),
    int8: z.boolean(),
    int4: z.boolean().describe('with fp16: the rest in float16'),
    int8Weights: z.boolean(),
    fp16: z.boolean(),
    method: z.string().describe('way to int8: auto, dynamic, static or blocks'),
    target: z.string().describe('where the model is going to run: cpu, webgpu, cuda or tensorrt'),
    exclude: texts.describe('nodes to leave in float, by name or operator, * for anything'),
    calibration: z.string(),
    percentile: text,
    calibrationCache: z.string(),
    activations: z.string(),
    perTensor: z.boolean(),
    reduceRange: z.boolean(),
    smooth: text.describe('off, auto or a number from 0 to 1'),
    biasCorrection: z.boolean(),
    keepIo: z.boolean(),
    blockSize: text,
    symmetric: z.boolean(),
    algorithm: z.string(),
    accuracyLevel: text,
    embeddings: z.boolean(),
    maxDrop: text.describe('how far it may fall behind the float model: 0.5pt, 1% or 0.01'),
    minSpeedup: text.describe('how much faster it must be: 1.2x'),
    maxSize: z.string().describe('how large it may be: 0.3x of the size before, or 10MB'),
  })
  .partial()
  .refine(({ externalData, inlineData }) => !(externalData === true && inlineData === true), {
    error: 'externalData and inlineData cannot both be true',
  });
