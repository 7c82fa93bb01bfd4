import { UsageError } from '../errors.ts';
import type { PruneSettings } from '../prune/prune-settings.ts';
import type { PruneKind } from '../prune/vocabulary.ts';
import { blindUnitScores, blindWeightScores, pruneKindOf } from '../commands/prune-vocabulary.ts';

/** What a command line asks for, as far as flags depend on it. */
export interface PruneWish {
  readonly settings: PruneSettings;
  readonly data: string | undefined;
  /** Whether an option was on the command line itself: what a config sets beside may serve other kinds. */
  readonly isGiven: (option: string) => boolean;
  /** Whether a goal is meant for this run: on the command line, or in the config that also says what to prune. */
  readonly isMeant: (option: string) => boolean;
}

interface Rule {
  readonly option: string;
  readonly flag: string;
  /** What the flag is about. */
  readonly problem: string;
  readonly kinds: readonly PruneKind[];
}

const structured = ['structured'] as const;
const smaller = ['structured', 'depth'] as const;

const settingRules: readonly Rule[] = [
  { option: 'score', flag: '--score', problem: 'it ranks channels, neurons and heads', kinds: structured },
  { option: 'roundTo', flag: '--round-to', problem: 'no width changes', kinds: structured },
  {
    option: 'reconstruct',
    flag: '--no-reconstruct',
    problem: 'nothing is taken out that the rest is refitted to',
    kinds: smaller,
  },
  { option: 'steps', flag: '--steps', problem: 'only channels, heads and widths go in rounds', kinds: structured },
  { option: 'distill', flag: '--distill', problem: 'training would fill the zeros again', kinds: smaller },
];

const zeros = 'onnxruntime stores and computes zeros as it does other numbers';

const goalRules: readonly Rule[] = [
  { option: 'targetLatency', flag: '--target-latency', problem: zeros, kinds: smaller },
  { option: 'targetSize', flag: '--target-size', problem: zeros, kinds: smaller },
  { option: 'targetMacs', flag: '--target-macs', problem: zeros, kinds: smaller },
];

/** Refuses flags that the run would not look at, and those that lack another one. Throws UsageError. */
export function checkPruneConflicts(wish: PruneWish): void {
  const kind = pruneKindOf(wish.settings);
  checkRules(settingRules, kind, wish.isGiven);
  checkRules(goalRules, kind, wish.isMeant);
  checkPartners(wish, kind);
  checkRounding(wish);
  checkData(wish, kind);
}

function checkRules(rules: readonly Rule[], kind: PruneKind, isThere: (option: string) => boolean): void {
  for (const { option, flag, problem, kinds } of rules) {
    if (!isThere(option) || kinds.includes(kind)) continue;
    throw new UsageError('flags-conflict', { flag, other: kind === 'depth' ? '--layers' : '--sparsity', problem });
  }
}

function checkPartners({ settings, isGiven }: PruneWish, kind: PruneKind): void {
  const { channels, heads, sparsity } = settings;
  if (isGiven('global') && (kind !== 'structured' || (channels === null && heads === null)))
    throw new UsageError('missing-argument', {
      flag: '--channels or --heads',
      what: 'the share that --global takes from all groups together',
    });
  if (isGiven('sparsityScore') && sparsity === null)
    throw new UsageError('missing-argument', {
      flag: '--sparsity',
      what: 'the share or the pattern, such as 0.8 or 2:4, that --sparsity-score ranks weights for',
    });
}

/** Heads go as wholes: no width of theirs is rounded. */
function checkRounding({ settings: { channels, heads, width }, isGiven }: PruneWish): void {
  if (!isGiven('roundTo') || heads === null || channels !== null || width !== null) return;
  throw new UsageError('flags-conflict', { flag: '--round-to', other: '--heads', problem: 'heads go as wholes' });
}

function checkData({ settings, data }: PruneWish, kind: PruneKind): void {
  if (data !== undefined) return;
  const { score, sparsityScore, distillEpochs } = settings;
  if (kind === 'structured' && !blindUnitScores.includes(score))
    throw new UsageError('score-needs-data', { flag: '--score', score, others: blindUnitScores });
  if ((kind === 'sparsity' || kind === 'pattern') && !blindWeightScores.includes(sparsityScore))
    throw new UsageError('score-needs-data', {
      flag: '--sparsity-score',
      score: sparsityScore,
      others: blindWeightScores,
    });
  if (distillEpochs !== null)
    throw new UsageError('missing-argument', { flag: '--data', what: 'the samples that --distill trains on' });
}
