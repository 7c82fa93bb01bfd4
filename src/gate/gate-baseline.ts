import { z } from 'zod';
import { gateMetrics } from './gate-vocabulary.ts';

const runSchema = z.object({
  value: z.number(),
  createdAt: z.string(),
  /** Of the model. */
  sha256: z.string(),
  commit: z.string().nullable(),
});
export type BaselineRun = z.infer<typeof runSchema>;

const entrySchema = z.object({
  metric: z.enum(gateMetrics),
  /** Of the machine: runs of another one are no history. */
  fingerprint: z.string(),
  /** Oldest first. */
  runs: z.array(runSchema),
  /** The level that was last accepted: what slow drift is told by. */
  accepted: z.number(),
});
export type BaselineEntry = z.infer<typeof entrySchema>;

/** What a scenario was measured under, beside the machine. */
export const conditionsSchema = z.object({
  ep: z.string(),
  batch: z.number().nullable(),
  threads: z.number(),
  instances: z.number(),
  dims: z.record(z.string(), z.number()),
  inputs: z.string(),
  optimization: z.string(),
});
export type BaselineConditions = z.infer<typeof conditionsSchema>;

const scenarioSchema = z.object({ name: z.string(), conditions: conditionsSchema, entries: z.array(entrySchema) });
export type BaselineScenario = z.infer<typeof scenarioSchema>;

const baselineSchema = z.object({
  kind: z.literal('gate-baseline'),
  schemaVersion: z.literal(1),
  /** Why it was written anew, each time. */
  updates: z.array(z.object({ reason: z.string(), createdAt: z.string() })),
  scenarios: z.array(scenarioSchema),
});
export type GateBaseline = z.infer<typeof baselineSchema>;

export const emptyBaseline: GateBaseline = { kind: 'gate-baseline', schemaVersion: 1, updates: [], scenarios: [] };

/** Null for a text that is no baseline. */
export function parseBaseline(text: string): GateBaseline | null {
  try {
    return baselineSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/** Made to be read in a diff: keys and lines stay where they are. */
export function formatBaseline(baseline: GateBaseline): string {
  return `${JSON.stringify(baseline, null, 2)}\n`;
}

/** Names of the conditions that are not the same. */
export function conditionDifferences(then: BaselineConditions, now: BaselineConditions): readonly string[] {
  return conditionNames.filter((name) => textOf(then[name]) !== textOf(now[name]));
}

const conditionNames = ['ep', 'batch', 'threads', 'instances', 'dims', 'inputs', 'optimization'] as const;

/** Equal for equal content, whatever the order of its keys. */
function textOf(value: BaselineConditions[keyof BaselineConditions]): string {
  return typeof value === 'object' && value !== null
    ? JSON.stringify(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
    : JSON.stringify(value);
}
