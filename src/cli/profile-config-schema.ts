import { z } from 'zod';
import { text } from './config-values.ts';

/** Options of `infer profile`, by the names of its flags in camel case; flags win over them. */
export const profileSchema = z
  .strictObject({
    models: z.array(z.string()).max(1).describe('the model to profile when none is named on the command line'),
    ep: z.string().describe('execution provider'),
    threads: text,
    batch: text,
    batchDim: z.string(),
    dim: z.record(z.string(), text).describe('lengths of symbolic dimensions'),
    shape: z.record(z.string(), z.string()).describe('whole shapes of inputs: 1x3x224x224'),
    input: z.record(z.string(), z.union([text, z.boolean()])).describe('values of inputs'),
    data: z.string().describe('inputs to run with: .npz, folder of .npy, ONNX test_data_set'),
    seed: text,
    runs: text.describe('profiled runs of a block'),
    rounds: text.describe('rounds of blocks, that intervals are over'),
    budget: text.describe('time for all of it: 60s'),
    timeout: text,
    optimization: z.string(),
    strictEp: z.boolean(),
    roofs: z.boolean().describe('whether to measure what the machine reaches at best'),
    top: text.describe('rows of the longest lists'),
    format: z.string(),
    details: z.boolean(),
    quiet: z.boolean(),
  })
  .partial();
