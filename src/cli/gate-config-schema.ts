import { z } from 'zod';
import {
  budgetMetrics,
  comparedMetrics,
  exactMetrics,
  measuredMetrics,
  severities,
} from '../commands/gate-vocabulary.ts';
import type { GateMetric } from '../gate/gate-vocabulary.ts';
import { preprocessSchema, text, texts } from './config-values.ts';
import { readBudget, readFloor, readTolerance } from './gate-figure-syntax.ts';
import type { Read } from './gate-figure-syntax.ts';

const waiver = z.strictObject({
  until: z.iso.date({ error: 'expected a date such as 2026-12-31' }).describe('last day it holds: 2026-12-31'),
  reason: z.string().min(1),
  link: z.string().optional(),
});

const anyRule = {
  severity: z.enum([...severities, 'off']).describe('fail, warn (shown, decides nothing) or off (not judged)'),
  note: z.string().describe('what whoever sees it fail should know'),
  waiver: waiver.describe('a regression that is known and allowed until a day'),
};

/** A value that must make sense beyond its type. */
function figure(read: (text: string) => Read) {
  return text.superRefine((value, context) => {
    const found = read(String(value));
    if ('expected' in found) context.addIssue({ code: 'custom', message: `'${value}' is not ${found.expected}` });
  });
}

function budgetFor(metric: GateMetric) {
  return figure((value) => readBudget(metric, value)).describe('what the head may be at most: "<= 20ms"');
}

/** Held against the base, the budget or both. */
function changeRule(metric: GateMetric) {
  return z
    .strictObject({
      ...anyRule,
      tolerance: figure(readTolerance).describe('largest change for the worse that is none: 5%'),
      floor: figure((value) => readFloor(metric, value)).describe('changes smaller than it are none'),
      budget: budgetFor(metric),
    })
    .partial();
}

/** Held against the budget alone. */
function tailRule(metric: GateMetric) {
  return z
    .strictObject({ ...anyRule, budget: budgetFor(metric) })
    .partial()
    .refine(({ budget, severity }) => budget !== undefined || severity === 'off', {
      error: 'it is held against a budget alone: give one such as "<= 20ms"',
    });
}

const comparedRule = z.strictObject(anyRule).partial();

function byMetric<Schema>(
  metrics: readonly GateMetric[],
  schemaOf: (metric: GateMetric) => Schema,
): Record<string, Schema> {
  return Object.fromEntries(metrics.map((metric) => [metric, schemaOf(metric)]));
}

const metricSchemas = {
  ...byMetric([...measuredMetrics, ...exactMetrics], changeRule),
  ...byMetric(budgetMetrics, tailRule),
  ...byMetric(comparedMetrics, () => comparedRule),
};

const qualitySchema = z
  .strictObject({
    data: z.string().describe('samples: .npz, .jsonl, a folder of .npy, of images per class, or of ONNX test_data_set'),
    maxDrop: text.describe('how far the head may fall behind the base: 0.5pt, 1% or 0.01'),
    samples: text,
    batch: text,
    task: z.string(),
    metric: texts.describe('metrics of the task, the one that decides first'),
    topK: text,
    outputName: z.string(),
    blank: text,
    vocabulary: z.string(),
    context: text,
    preprocess: preprocessSchema.describe('what is done to images'),
    tokenizer: z.string(),
    pairs: z.enum(['joint', 'separate']),
  })
  .partial()
  .required({ data: true });

const scenarioSchema = z
  .strictObject({
    model: z.string().describe('the head: the model to gate'),
    base: z.string().describe('a model, git:REF:PATH, git:REF for the same path there, or a saved result'),
    owner: z.string().describe('whom to ask'),
    ep: z.string(),
    threads: text,
    instances: text,
    batch: text,
    batchDim: z.string(),
    dim: z.record(z.string(), text).describe('lengths of symbolic dimensions'),
    shape: z.record(z.string(), z.string()).describe('whole shapes of inputs: 1x3x224x224'),
    input: z.record(z.string(), z.union([text, z.boolean()])).describe('values of inputs'),
    data: z.string().describe('inputs to measure on: .npz, folder of .npy, ONNX test_data_set'),
    quality: qualitySchema.describe('data that the quality of both models is judged on, in place of equal outputs'),
    tolerance: figure(readTolerance).describe('largest slowdown that is none: 5%'),
    metrics: z.strictObject(metricSchemas).partial().describe('rules that differ from the usual ones'),
  })
  .partial()
  .required({ model: true });

/** Options of `infer gate`, by the names of its flags in camel case, and what it gates. */
export const gateSchema = z
  .strictObject({
    alpha: text.describe('chance of a false alarm of the whole gate'),
    budget: text.describe('time to measure in, all scenarios together: 3m'),
    maxPairs: text.describe('most pairs of blocks a scenario'),
    tolerance: figure(readTolerance).describe('largest slowdown that is none: 5%'),
    confirm: z.boolean().describe('a fail must repeat in an independent batch'),
    onInconclusive: z.enum(['warn', 'fail', 'pass']),
    baseline: z.string().describe('stored figures of the base: a file, or a folder of one file a machine'),
    seed: text,
    optimization: z.string(),
    strictEp: z.boolean(),
    atol: text,
    rtol: text,
    timeout: text,
    lockTimeout: text,
    format: z.string(),
    details: z.boolean(),
    quiet: z.boolean(),
    scenarios: z.record(z.string().min(1), scenarioSchema).describe('what is gated, by a name of your own'),
  })
  .partial();

export type GateConfig = z.infer<typeof gateSchema>;
export type GateScenarioConfig = z.infer<typeof scenarioSchema>;
export type GateQualityConfig = z.infer<typeof qualitySchema>;

/** The keys there are at a place of the section; `inside` is the way to it. */
export function gateConfigKeys(inside: readonly string[]): readonly string[] {
  const [scenarios, name, part, metric, detail] = inside;
  if (scenarios !== 'scenarios' || name === undefined) return Object.keys(gateSchema.shape);
  if (part === 'quality') return Object.keys(metric === 'preprocess' ? preprocessSchema.shape : qualitySchema.shape);
  if (part !== 'metrics') return Object.keys(scenarioSchema.shape);
  const rule = metric === undefined ? undefined : metricSchemas[metric];
  if (rule === undefined) return Object.keys(metricSchemas);
  return Object.keys(detail === 'waiver' ? waiver.shape : rule.shape);
}
