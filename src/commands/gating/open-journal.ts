import type { BlockPlan } from '../../bench/block-budget.ts';
import type { GateIdentity, Journal, JournalEntry } from '../../gate/gate-journal.ts';
import type { GateRunOptions } from '../../gate/gate-run.ts';
import type { GateWarning } from '../../gate/gate-warning.ts';
import { RecordedBlocks } from '../../gate/recorded-blocks.ts';
import type { GateContext, GateRequest } from '../gate-request.ts';
import type { ArmCost } from './bench-arms.ts';
import { expectedRoundMs } from './bench-arms.ts';
import type { GateSession } from './gate-session.ts';
import { planBlocksOf } from './gate-session.ts';
import { JournalFile } from './journal-file.ts';

/** A gate's journal, and what it begins with: nothing, or what an interrupted gate had come to. */
export interface OpenJournal {
  readonly blockPlan: BlockPlan;
  readonly costs: readonly ArmCost[];
  readonly roundMs: number;
  readonly recorded: GateRunOptions['recorded'];
  readonly warnings: readonly GateWarning[];
  append(entry: JournalEntry): void;
  remove(): void;
}

/** Throws UsageError and DataError where there is nothing to continue, or another gate. */
export function openJournal(session: GateSession, request: GateRequest, context: GateContext): OpenJournal {
  const file = new JournalFile(request.journalPath);
  const identity = identityOf(session, request);
  const journal = request.resume ? file.read(identity) : null;
  const { blockPlan, costs } = journal === null ? freshPlan(session, request) : journal.header;
  const recorded = recordedOf(journal, session);
  file.begin({ kind: 'gate-journal', version: 1, identity, blockPlan, costs: [...costs] }, entriesOf(journal));
  const blocks = recorded.blocks.count;
  const path = request.journalPath;
  if (journal !== null) context.onEvent({ kind: 'resumed', path, blocks });
  return {
    blockPlan,
    costs,
    roundMs: expectedRoundMs(blockPlan, costs),
    recorded,
    warnings: journal === null ? [] : [{ code: 'resumed', details: { path, blocks } }],
    append: (entry) => file.append(entry),
    remove: () => file.remove(),
  };
}

function freshPlan(session: GateSession, request: GateRequest) {
  const { plan, costs } = planBlocksOf(session, request);
  return { blockPlan: plan, costs };
}

function recordedOf(journal: Journal | null, { prepared }: GateSession): GateRunOptions['recorded'] {
  const basisOf = (name: string) => prepared.find(({ scenario }) => scenario.name === name)?.scenario.basis;
  const armsOf = (name: string) => (basisOf(name) === 'same-job' ? (['base', 'head'] as const) : (['head'] as const));
  return { blocks: new RecordedBlocks(journal?.blocks ?? [], armsOf), plan: journal?.plan ?? null };
}

function entriesOf(journal: Journal | null): readonly JournalEntry[] {
  if (journal === null) return [];
  const { plan, blocks } = journal;
  return [
    ...blocks.map((block): JournalEntry => ({ kind: 'block', ...block })),
    ...(plan === null ? [] : [{ kind: 'plan' as const, pairs: plan.pairs, looks: [...plan.looks] }]),
  ];
}

/** What must be the same for blocks to be continued. */
function identityOf({ prepared, environment }: GateSession, request: GateRequest): GateIdentity {
  const { alpha, seed, budgetMs, maxPairs, confirm, optimization } = request;
  return {
    fingerprint: environment.fingerprint,
    settings: { alpha, seed, budgetMs, maxPairs, confirm, optimization },
    scenarios: prepared.map(({ scenario, conditions }) => ({
      name: scenario.name,
      base: scenario.base?.sha256 ?? null,
      head: scenario.head.sha256,
      conditions: JSON.stringify(conditions),
      rules: scenario.rules,
    })),
  };
}
