import { z } from 'zod';
import { preprocessSchema, text, texts } from './config-values.ts';

/** Config keys of every command that scores a model on data, by the names of its flags in camel case. */
export const scoringConfig = {
  data: z.string().describe('samples: .npz, .jsonl, a folder of .npy, of images per class, or of ONNX test_data_set'),
  task: z.string(),
  metric: texts.describe('metrics of the task, the one that decides first'),
  topK: text,
  outputName: z.string(),
  blank: text,
  vocabulary: z.string(),
  context: text.describe('tokens of one run at most'),
  batch: text,
  batchDim: z.string(),
  dim: z.record(z.string(), text).describe('lengths of symbolic dimensions'),
  shape: z.record(z.string(), z.string()).describe('whole shapes of inputs: 1x3x224x224'),
  input: z.record(z.string(), z.union([text, z.boolean()])).describe('values of inputs, the same for all samples'),
  preprocess: preprocessSchema.describe('what is done to images'),
  tokenizer: z.string(),
  pairs: z.enum(['joint', 'separate']).describe('what is done with pairs of texts'),
  onInconclusive: z.enum(['warn', 'fail', 'pass']),
  ep: z.string(),
  strictEp: z.boolean(),
  threads: text,
  timeout: text,
  seed: text,
  format: z.string(),
  details: z.boolean(),
  quiet: z.boolean(),
};

/** Those of commands that make another model, and judge it beside the one that they were given. */
export const judgedConfig = {
  ...scoringConfig,
  samples: text.describe('take so many samples to make the model by, and judge on as many others'),
  verify: z.boolean(),
  bench: z.boolean(),
  budget: text,
  externalData: z.boolean(),
  inlineData: z.boolean(),
};
