import { z } from 'zod';
import { optimizeTargets } from '../commands/optimize-vocabulary.ts';
import { preprocessSchema, text, texts } from './config-values.ts';
import { costSchema } from './cost-config-schema.ts';
import { gateConfigKeys, gateSchema } from './gate-config-schema.ts';
import { profileSchema } from './profile-config-schema.ts';
import { scoringConfig } from './scoring-config.ts';
import { pruneSchema } from './prune-config-schema.ts';
import { quantizeSchema } from './quantize-config-schema.ts';

/** Options of `infer bench`, by the names of its flags in camel case; flags win over them. */
const benchSchema = z
  .strictObject({
    models: z.array(z.string()).describe('models to measure when none is named on the command line'),
    batch: texts.describe('batch sizes: 1,2,4 or 1-32*2'),
    ep: texts.describe('execution providers'),
    threads: texts.describe('intra-op threads'),
    instances: texts.describe('processes side by side'),
    device: text.describe('GPU of cuda and tensorrt, counted from 0'),
    browser: z.string().describe('path of the browser for browser-webgpu and browser-wasm'),
    fitCores: z.boolean().describe('leave out what has more threads than usable cores'),
    maxLatency: z.string().describe('limit within which the best throughput is told: p99=20ms'),
    rate: texts.describe('load that each point is put under as well: 50/s, 0.8x or max'),
    arrivals: z.string().describe('how requests arrive: poisson, constant, gamma:CV or a .csv of times'),
    duration: text.describe('length of a run under load'),
    slo: z.string().describe('objective under load: p99=50ms'),
    findMax: z.boolean().describe('search the highest rate that meets slo'),
    onInconclusive: z.enum(['warn', 'fail', 'pass']),
    lm: z.enum(['auto', 'on', 'off']).describe('measure language models by the text they write'),
    promptTokens: texts.describe('lengths of prompts'),
    newTokens: texts.describe('tokens to write after each prompt'),
    stopIds: texts.describe('token ids that end a text'),
    tokenizer: z.string().describe('tokenizer.json for prompts that are texts'),
    showText: z.boolean().describe('show what is written after the first prompt'),
    explain: z.boolean().describe('tell what each figure of written text means'),
    pin: z.boolean().describe('hold each thread to a processor of its own'),
    dim: z.record(z.string(), texts).describe('values of symbolic dimensions'),
    shape: z.record(z.string(), z.string()).describe('whole shapes of inputs: 1x3x224x224'),
    input: z
      .record(z.string(), z.union([text, z.boolean()]))
      .describe('values of inputs: a number, a range 0..N or a file'),
    data: z
      .string()
      .describe('inputs to measure with: .npz, folder of .npy, ONNX test_data_set; prompts: .jsonl, .txt'),
    samples: text,
    batchDim: z.string(),
    pool: text.describe('distinct inputs to cycle through'),
    precision: text.describe('half-width of the p50 interval to reach: 3%'),
    budget: text.describe('time for all of it: 60s'),
    rounds: text,
    maxRounds: text,
    minRuns: text,
    minTime: text,
    warmup: text,
    timeout: text,
    optimization: z.string(),
    strictEp: z.boolean(),
    verify: z.boolean(),
    atol: text,
    rtol: text,
    seed: text,
    format: z.string(),
    quiet: z.boolean(),
  })
  .partial();

/** Options of `infer inspect`. */
const inspectSchema = z
  .strictObject({
    models: z.array(z.string()).max(1).describe('the model to look at when none is named on the command line'),
    dim: z.record(z.string(), text).describe('values of symbolic dimensions'),
    top: text.describe('rows of the longest lists'),
    format: z.string(),
  })
  .partial();

/** Options of `infer optimize`. */
const optimizeSchema = z
  .strictObject({
    models: z.array(z.string()).max(1).describe('the model to rewrite when none is named on the command line'),
    dim: z.record(z.string(), text).describe('symbolic dimensions to bake in'),
    dynamicBatch: z.boolean(),
    opset: text.describe('opset to upgrade to'),
    inlineFunctions: z.boolean(),
    skip: texts.describe('clean-up passes to leave out'),
    target: z.enum(optimizeTargets).describe('where the model is going to run'),
    externalData: z.boolean(),
    inlineData: z.boolean(),
    verify: z.boolean(),
    shape: z.record(z.string(), z.string()).describe('whole shapes of inputs: 1x3x224x224'),
    input: z.record(z.string(), z.union([text, z.boolean()])).describe('values of inputs'),
    data: z.string().describe('inputs to compare outputs on'),
    samples: text,
    seed: text,
    atol: text,
    rtol: text,
    bench: z.boolean(),
    threads: text,
    budget: text,
    timeout: text,
    format: z.string(),
    details: z.boolean(),
    quiet: z.boolean(),
  })
  .partial()
  .refine(({ externalData, inlineData }) => !(externalData === true && inlineData === true), {
    error: 'externalData and inlineData cannot both be true',
  });

/** Options of `infer evaluate`. */
const evaluateSchema = z
  .strictObject({
    ...scoringConfig,
    browser: z.string().describe('path of the browser for browser-webgpu and browser-wasm'),
    models: z.array(z.string()).max(1).describe('the model to score when none is named on the command line'),
    reference: z.string().describe('the model to hold it against'),
    samples: text,
    maxDrop: text.describe('how far it may fall behind the reference: 0.5pt, 1% or 0.01'),
    minSqnr: text.describe('least signal-to-noise ratio of every output, in dB'),
  })
  .partial();

/** Options of `infer distill`. */
const distillSchema = z
  .strictObject({
    teacher: z.string().describe('the model to learn from'),
    student: z.string().describe('the model to train'),
    data: z.string().describe('samples: .npz, .jsonl, a folder of .npy, of images per class, or of ONNX test_data_set'),
    loss: z.enum(['auto', 'kl', 'mse', 'cosine']),
    alpha: text.describe('share of the labels in the loss'),
    temperature: text,
    match: z.record(z.string(), z.string()).describe('nodes or values of the student by what they are to become like'),
    matchWeight: text,
    freeze: z.union([z.string(), z.array(z.string())]).describe('patterns of names of weights to leave as they are'),
    optimizer: z.enum(['adamw', 'sgd']),
    lr: text.describe('peak of the learning rate'),
    weightDecay: text,
    clip: text.describe('longest gradient'),
    warmUp: text,
    epochs: text,
    steps: text,
    batch: text,
    samples: text,
    holdout: text.describe('share or number of samples that judge the student'),
    patience: text,
    randomInit: z.boolean(),
    seed: text,
    dim: z.record(z.string(), text).describe('lengths of symbolic dimensions'),
    shape: z.record(z.string(), z.string()).describe('whole shapes of inputs: 1x3x224x224'),
    input: z.record(z.string(), z.union([text, z.boolean()])).describe('values of inputs, the same for all samples'),
    preprocess: preprocessSchema.describe('what is done to images'),
    tokenizer: z.string(),
    ep: z.string(),
    strictEp: z.boolean(),
    threads: text,
    timeout: text,
    format: z.string(),
    details: z.boolean(),
    quiet: z.boolean(),
  })
  .partial();

const sections = {
  bench: benchSchema,
  cost: costSchema,
  distill: distillSchema,
  evaluate: evaluateSchema,
  gate: gateSchema,
  inspect: inspectSchema,
  optimize: optimizeSchema,
  profile: profileSchema,
  prune: pruneSchema,
  quantize: quantizeSchema,
} as const;

/** `infer.config.{json,yaml,yml}`. */
export const configSchema = z
  .strictObject({
    $schema: z.string().describe('the schema this file follows, for editors'),
    ...sections,
  })
  .partial();

export type Config = z.infer<typeof configSchema>;

/** The keys there are at a place of the config. */
export function configKeys(inside: readonly string[]): readonly string[] {
  if (inside[0] === 'gate') return gateConfigKeys(inside.slice(1));
  if (inside[1] === 'preprocess') return Object.keys(preprocessSchema.shape);
  const section = Object.entries(sections).find(([name]) => name === inside[0]);
  return Object.keys((section?.[1] ?? configSchema).shape);
}

/** The JSON Schema of the config file. */
export function configJsonSchema(): object {
  return {
    ...z.toJSONSchema(configSchema),
    title: 'infer config',
    description: 'Defaults for infer; flags win over them.',
  };
}
