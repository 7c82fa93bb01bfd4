import { parseDropLimit } from '../commands/evaluate-vocabulary.ts';
import type { PruneGoals, PruneRequest } from '../commands/prune-request.ts';
import { pruneKindOf, unitScores, weightScores } from '../commands/prune-vocabulary.ts';
import type { PruneSettings } from '../prune/prune-settings.ts';
import { checkJudging } from './check-judging.ts';
import { defaultOutput } from './default-output.ts';
import { optional, patternsIn } from './flag-values.ts';
import { parseKeptShare } from './limit-syntax.ts';
import { placeOfData } from './place-of-data.ts';
import { checkPruneConflicts } from './prune-conflicts.ts';
import type { PruneFlags } from './prune-options.ts';
import { parseEpochs, parseRemovedShare, parseSparsity, parseTargetSize } from './prune-syntax.ts';
import type { WantedFlags } from './prune-wanted.ts';
import { readFeed, readPlace, readTask } from './read-scoring.ts';
import { doubtPolicies } from './scoring-options.ts';
import { parseCount, parseDurationMs, parseName } from './value-syntax.ts';

export interface PruneRequestContext {
  readonly model: string;
  /** What is to be taken out; the flags of the same names are not looked at. */
  readonly wanted: WantedFlags;
  readonly cwd: string;
  /** Whether an option was on the command line itself. */
  readonly isGiven: (option: string) => boolean;
  /** Whether it was, or stands in a config that also says what to prune. */
  readonly isMeant: (option: string) => boolean;
}

/** Reads the flags of `infer prune` into a request. Throws UsageError for the first that does not fit. */
export function readPruneRequest(flags: PruneFlags, context: PruneRequestContext): PruneRequest {
  const { model, wanted, cwd, isGiven, isMeant } = context;
  const settings = settingsOf(flags, wanted);
  checkPruneConflicts({ settings, data: flags.data, isGiven, isMeant });
  const goals = goalsOf(flags, settings);
  checkJudging(flags, { flag: '--target-latency', isAsked: goals.targetLatency !== null });
  // Read for its mistakes alone: what doubt means is the exit code's matter.
  parseName({ flag: '--on-inconclusive', text: flags.onInconclusive }, doubtPolicies);
  return {
    modelPath: model,
    outputPath: flags.output ?? defaultOutput(model, 'pruned'),
    force: flags.force === true,
    externalData: placeOfData(flags, isGiven),
    settings,
    data: { path: flags.data ?? null, ...readFeed(flags) },
    task: readTask(flags, cwd),
    goals,
    ...readPlace(flags),
    verify: flags.verify,
    budgetMs: budgetOf(flags),
    seed: parseCount({ flag: '--seed', text: flags.seed }, 0),
  };
}

function settingsOf(flags: PruneFlags, { channels, heads, width, layers, sparsity }: WantedFlags): PruneSettings {
  return {
    channels: optional(channels, (text) => parseRemovedShare({ flag: '--channels', text })),
    heads: optional(heads, (text) => parseRemovedShare({ flag: '--heads', text })),
    width: optional(width, (text) => parseRemovedShare({ flag: '--width', text })),
    layers: optional(layers, (text) => parseCount({ flag: '--layers', text })),
    sparsity: optional(sparsity, (text) => parseSparsity({ flag: '--sparsity', text })),
    global: flags.global === true,
    score: parseName({ flag: '--score', text: flags.score }, unitScores),
    sparsityScore: parseName({ flag: '--sparsity-score', text: flags.sparsityScore }, weightScores),
    roundTo: parseCount({ flag: '--round-to', text: flags.roundTo }),
    reconstruct: flags.reconstruct,
    steps: parseCount({ flag: '--steps', text: flags.steps }),
    distillEpochs: parseEpochs('--distill', flags.distill),
    exclude: patternsIn(flags.exclude),
  };
}

function goalsOf(flags: PruneFlags, settings: PruneSettings): PruneGoals {
  // What a config sets beside may serve other kinds: zeros change neither latency nor the file.
  const kind = pruneKindOf(settings);
  const { targetLatency, targetSize, targetMacs }: Partial<PruneFlags> =
    kind === 'structured' || kind === 'depth' ? flags : {};
  return {
    maxDrop: optional(flags.maxDrop, (text) => ({ text, limit: parseDropLimit(text) })),
    targetLatency: optional(targetLatency, (text) => ({
      text,
      share: parseKeptShare({ flag: '--target-latency', text }),
    })),
    targetSize: optional(targetSize, (text) => ({ text, limit: parseTargetSize({ flag: '--target-size', text }) })),
    targetMacs: optional(targetMacs, (text) => ({ text, share: parseKeptShare({ flag: '--target-macs', text }) })),
    acceptWorse: flags.acceptWorse === true,
  };
}

function budgetOf({ budget, bench }: PruneFlags): number | null {
  const budgetMs = parseDurationMs({ flag: '--budget', text: budget });
  return bench ? budgetMs : null;
}
