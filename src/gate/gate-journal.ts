import { z } from 'zod';
import { gateBlockSchema, gateRuleSchema } from './gate-result.ts';
import type { RecordedBlock } from './recorded-blocks.ts';

/** What a gate must have in common with the one that it continues. */
const identitySchema = z.object({
  fingerprint: z.string(),
  settings: z.object({
    alpha: z.number(),
    seed: z.number(),
    budgetMs: z.number(),
    maxPairs: z.number(),
    confirm: z.boolean(),
    optimization: z.string(),
  }),
  scenarios: z.array(
    z.object({
      name: z.string(),
      base: z.string().nullable(),
      head: z.string(),
      /** Provider, threads, inputs and so on, in one text. */
      conditions: z.string(),
      rules: z.array(gateRuleSchema),
    }),
  ),
});
export type GateIdentity = z.infer<typeof identitySchema>;

/** How long blocks are: it was planned from what the models took then. */
const blockPlanSchema = z.object({
  effort: z.number(),
  rounds: z.number(),
  runs: z.number(),
  minMs: z.number(),
  warmUpMs: z.number(),
  isHard: z.boolean(),
  estimatedMs: z.number(),
});

const costSchema = z.object({
  scenario: z.string(),
  arm: z.enum(['base', 'head']),
  overheadMs: z.number(),
  runMs: z.number(),
});

const headerSchema = z.object({
  kind: z.literal('gate-journal'),
  version: z.literal(1),
  identity: identitySchema,
  blockPlan: blockPlanSchema,
  costs: z.array(costSchema),
});
export type JournalHeader = z.infer<typeof headerSchema>;

const planSchema = z.object({
  kind: z.literal('plan'),
  pairs: z.number().int(),
  looks: z.array(z.number().int()).min(1),
});
const blockSchema = z.object({
  kind: z.literal('block'),
  scenario: z.string(),
  block: gateBlockSchema,
  tookMs: z.number(),
});
const entrySchema = z.discriminatedUnion('kind', [planSchema, blockSchema]);
export type JournalEntry = z.infer<typeof entrySchema>;

/** An interrupted gate, as far as it came. */
export interface Journal {
  readonly header: JournalHeader;
  readonly plan: { readonly pairs: number; readonly looks: readonly number[] } | null;
  readonly blocks: readonly RecordedBlock[];
}

/** One line of a journal, its end included. */
export function journalLine(entry: JournalHeader | JournalEntry): string {
  return `${JSON.stringify(entry)}\n`;
}

/** Why a text is no journal. */
export interface JournalProblem {
  readonly problem: string;
}

/**
 * Reads a journal. Its last line may be cut off in mid-write, and is left out then; anything else that does not fit is
 * told.
 */
export function parseJournal(text: string): Journal | JournalProblem {
  const lines = text.split('\n');
  // Whatever follows the last line feed was not written to its end.
  const whole = lines.slice(0, -1);
  const header = headerSchema.safeParse(parseLine(whole[0] ?? ''));
  if (!header.success) return { problem: 'its first line is no header of a gate’s journal' };
  const entries: JournalEntry[] = [];
  for (const [at, line] of whole.slice(1).entries()) {
    const entry = entrySchema.safeParse(parseLine(line));
    if (!entry.success) return { problem: `line ${at + 2} is no entry of a gate’s journal` };
    entries.push(entry.data);
  }
  const plan = entries.findLast((entry) => entry.kind === 'plan') ?? null;
  return {
    header: header.data,
    plan: plan === null ? null : { pairs: plan.pairs, looks: plan.looks },
    blocks: entries.flatMap((entry) => {
      if (entry.kind !== 'block') return [];
      const { scenario, block, tookMs } = entry;
      return [{ scenario, block, tookMs }];
    }),
  };
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

/** What differs between the gate of a journal and this one; empty when it can be continued. */
export function identityDifferences(then: GateIdentity, now: GateIdentity): readonly string[] {
  const settings = Object.keys(now.settings).filter(
    (key) => JSON.stringify(Reflect.get(then.settings, key)) !== JSON.stringify(Reflect.get(now.settings, key)),
  );
  const names = [...new Set([...then.scenarios, ...now.scenarios].map(({ name }) => name))];
  return [
    ...(then.fingerprint === now.fingerprint ? [] : ['the machine']),
    ...settings,
    ...names.flatMap((name) => scenarioDifferences(name, then, now)),
  ];
}

function scenarioDifferences(name: string, then: GateIdentity, now: GateIdentity): readonly string[] {
  const [before, after] = [then, now].map(({ scenarios }) => scenarios.find((scenario) => scenario.name === name));
  if (before === undefined || after === undefined) return [`scenario ${name}`];
  const parts = ['base', 'head', 'conditions', 'rules'] as const;
  return parts
    .filter((part) => JSON.stringify(before[part]) !== JSON.stringify(after[part]))
    .map((part) => `${part} of ${name}`);
}
