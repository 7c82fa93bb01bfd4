import { z } from 'zod';
import { roundSchema } from '../result/block-schemas.ts';
import { envelopeShape, estimateSchema, findingSchema } from '../result/envelope.ts';
import { dropSchema } from '../result/judgement-schemas.ts';
import { untoldCauses } from './cell-reason.ts';
import { cellVerdicts, exactMetrics, gateMetrics, severities } from './gate-vocabulary.ts';

/** One block of one arm. The two of a pair stand side by side in time. */
export const gateBlockSchema = z.object({
  arm: z.enum(['base', 'head']),
  pair: z.number().int(),
  /** `confirm`: of the independent batch that repeats a fail. */
  batch: z.enum(['main', 'confirm']),
  ...roundSchema.shape,
});
export type GateBlock = z.infer<typeof gateBlockSchema>;

export const gatedModelSchema = z.object({
  /** As given: a path, `git:REF:PATH`, or a saved result. */
  ref: z.string(),
  sha256: z.string(),
  sizeBytes: z.number(),
  /** Where it was read from git: the commit that the ref named. */
  commit: z.string().nullable(),
  /** The working tree's file differs from what is committed; null outside a repository. */
  dirty: z.boolean().nullable(),
});
export type GatedModel = z.infer<typeof gatedModelSchema>;

/** Figures of a model that are the same however often they are taken; null where they could not be told. */
export const exactFiguresSchema = z.object({
  'file-size': z.number().nullable(),
  parameters: z.number().nullable(),
  macs: z.number().nullable(),
  nodes: z.number().nullable(),
  'cpu-fallback-nodes': z.number().nullable(),
  'arena-peak': z.number().nullable(),
});
export type ExactFigures = z.infer<typeof exactFiguresSchema>;

export const waiverSchema = z.object({ until: z.string(), reason: z.string(), link: z.string().nullable() });

export const gateRuleSchema = z.object({
  metric: z.enum(gateMetrics),
  tolerance: z.number().nullable(),
  floor: z.number(),
  budget: z.number().nullable(),
  severity: z.enum(severities),
  note: z.string().nullable(),
  waiver: waiverSchema.nullable(),
});

export const scenarioSchema = z.object({
  name: z.string(),
  owner: z.string().nullable(),
  base: gatedModelSchema.nullable(),
  head: gatedModelSchema,
  /** `same-job`: both measured here, in pairs. `stored`: the base's figures come from a file. `none`: there is no base. */
  basis: z.enum(['same-job', 'stored', 'none']),
  /** Fingerprint of the machine that the base's figures come from. */
  baseFingerprint: z.string().nullable(),
  ep: z.string(),
  batch: z.number().int().nullable(),
  threads: z.number().int(),
  instances: z.number().int(),
  dims: z.record(z.string(), z.number().int()),
  inputs: z.string(),
  rules: z.array(gateRuleSchema),
  plan: z
    .object({
      /** Pairs that were planned, and those after which the cells are looked at. */
      pairs: z.number().int(),
      looks: z.array(z.number().int()),
      /** The first pairs, whose spread the plan was made from. */
      pilot: z.number().int(),
      runs: z.number().int(),
      minMs: z.number(),
    })
    .nullable(),
  /** Every block that was taken, so that another tolerance can be judged without running. */
  blocks: z.array(gateBlockSchema),
  exact: z.object({ base: exactFiguresSchema.nullable(), head: exactFiguresSchema }),
  /** Why exact figures are null. */
  untold: z.array(
    z.object({ arm: z.enum(['base', 'head']), metric: z.enum(exactMetrics), cause: z.enum(untoldCauses) }),
  ),
  /** Largest differences of the outputs on the same inputs; null where they were not compared. */
  outputs: z
    .object({
      equal: z.boolean(),
      maxAbs: z.number().nullable(),
      maxRel: z.number().nullable(),
      finite: z.boolean(),
      /** The output that differs most. */
      output: z.string().nullable(),
      /** Why there was nothing to compare: `inputs-unlike` or `outputs-unlike`. */
      problem: findingSchema.nullable(),
    })
    .nullable(),
  /** The head's drop against the base on the data. */
  quality: dropSchema.nullable(),
  /** The metric that `quality` is about, where there are labels. */
  scores: z.object({ base: z.number().nullable(), head: z.number().nullable() }).nullable(),
  /** Earlier runs of a stored base, by metric, oldest first. */
  history: z.record(z.string(), z.array(z.number())).nullable(),
  /** Conditions under which a stored base was measured otherwise: `threads`, `batch`, … */
  baseDiffers: z.array(z.string()),
  /** Why a model did not load or run, and which. */
  failure: findingSchema.nullable(),
  failedArm: z.enum(['base', 'head']).nullable(),
});
export type GateScenarioResult = z.infer<typeof scenarioSchema>;

export const cellSchema = z.object({
  scenario: z.string(),
  metric: z.enum(gateMetrics),
  /** `change`: head against base. `budget`: head against the budget. One rule may make both. */
  against: z.enum(['change', 'budget']),
  unit: z.enum(['ms', 'bytes', 'per-second', 'count', 'share']),
  base: z.number().nullable(),
  head: z.number().nullable(),
  /** Head over base: the Hodges-Lehmann estimate over pairs with its exact 95 % interval; exact metrics have no interval. */
  ratio: estimateSchema.nullable(),
  /** For budgets: bounds of the quantile. */
  headInterval: estimateSchema.nullable(),
  pairs: z.number().int().nullable(),
  /** One-sided, of no change for the worse beyond the tolerance; as it is, and by Holm over all cells of the gate. */
  p: z.number().nullable(),
  adjustedP: z.number().nullable(),
  /** Smallest change for the worse found with a probability of 80 %: as reckoned before the run, and after it. */
  detectable: z.object({ before: z.number().nullable(), after: z.number().nullable() }),
  tolerance: z.number().nullable(),
  budget: z.number().nullable(),
  verdict: z.enum(cellVerdicts),
  /** What the verdict would be without the waiver. */
  waived: z.enum(cellVerdicts).nullable(),
  severity: z.enum(severities),
  /** Code and details; the sentence is made in report/messages. */
  reason: findingSchema,
  owner: z.string().nullable(),
  note: z.string().nullable(),
  waiver: waiverSchema.nullable(),
});
export type GateCell = z.infer<typeof cellSchema>;

export const gateVerdictSchema = z.enum(['pass', 'fail', 'inconclusive', 'incomparable', 'new']);
export type GateVerdict = z.infer<typeof gateVerdictSchema>;

export const gateResultSchema = z.object({
  ...envelopeShape,
  kind: z.literal('gate'),
  settings: z.object({
    /** Chance of a false fail of the whole gate. */
    alpha: z.number(),
    seed: z.number().int(),
    budgetMs: z.number(),
    /** Looks at the data that alpha is shared among. */
    looks: z.number().int(),
    confirm: z.boolean(),
    onInconclusive: z.enum(['warn', 'fail', 'pass']),
    optimization: z.string(),
    maxPairs: z.number().int(),
    /** The day that waivers were held against. */
    today: z.string(),
    /** Of outputs. */
    tolerance: z.object({ absolute: z.number(), relative: z.number() }),
  }),
  scenarios: z.array(scenarioSchema),
  cells: z.array(cellSchema),
  verdict: gateVerdictSchema,
  /** The saved result that was judged again; null for one that was run. */
  replayOf: z.string().nullable(),
  elapsedMs: z.number(),
  interrupted: z.boolean(),
});
export type GateResult = z.infer<typeof gateResultSchema>;
