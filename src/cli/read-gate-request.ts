import { resolve } from 'node:path';
import { optimizationLevels, parseInputValue, providerNames } from '../commands/bench-vocabulary.ts';
import { parseDropLimit } from '../commands/evaluate-vocabulary.ts';
import type { GateQualityRequest, GateRequest, GateScenarioRequest } from '../commands/gate-request.ts';
import { gateMetrics } from '../commands/gate-vocabulary.ts';
import { UsageError } from '../errors.ts';
import { assignments, optional, patternsIn } from './flag-values.ts';
import type { GateQualityConfig } from './gate-config-schema.ts';
import { figureIn, parseLatencyBudget, readTolerance } from './gate-figure-syntax.ts';
import type { GateFlags } from './gate-options.ts';
import { readGateRules } from './gate-rules.ts';
import type { RuleFlags } from './gate-rules.ts';
import type { GateSubject } from './gate-scenarios.ts';
import { readFeed, readTask } from './read-scoring.ts';
import { doubtPolicies } from './scoring-options.ts';
import type { ScoringFlags } from './scoring-options.ts';
import { parseCount, parseDurationMs, parseName, parseNonNegative, parseShape, parseShare } from './value-syntax.ts';

export interface GateRequestContext {
  readonly subjects: readonly GateSubject[];
  readonly cwd: string;
  readonly now: Date;
  /** Whether an option was on the command line itself. */
  readonly isGiven: (option: string) => boolean;
}

/** Where blocks are written as they are finished. */
const usualJournal = '.infer/gate.jsonl';

/** Reads the flags of `infer gate` into a request. Throws UsageError for the first that does not fit. */
export function readGateRequest(flags: GateFlags, context: GateRequestContext): GateRequest {
  const { subjects, cwd, now } = context;
  return {
    scenarios: subjects.map((subject) => scenarioOf(subject, context)),
    alpha: parseShare({ flag: '--alpha', text: flags.alpha }),
    budgetMs: parseDurationMs({ flag: '--budget', text: flags.budget }),
    seed: parseCount({ flag: '--seed', text: flags.seed }, 0),
    maxPairs: parseCount({ flag: '--max-pairs', text: flags.maxPairs }),
    confirm: flags.confirm === true,
    onInconclusive: parseName({ flag: '--on-inconclusive', text: flags.onInconclusive }, doubtPolicies),
    timeoutMs: parseDurationMs({ flag: '--timeout', text: flags.timeout }),
    optimization: parseName({ flag: '--optimization', text: flags.optimization }, optimizationLevels),
    strictProvider: flags.strictEp === true,
    tolerance: {
      absolute: parseNonNegative({ flag: '--atol', text: flags.atol }),
      relative: parseNonNegative({ flag: '--rtol', text: flags.rtol }),
    },
    baseline: baselineOf(flags, cwd),
    mode: flags.calibrate === true ? 'calibrate' : 'gate',
    journalPath: resolve(cwd, typeof flags.resume === 'string' ? flags.resume : usualJournal),
    resume: flags.resume !== undefined && flags.resume !== false,
    today: dayOf(now),
  };
}

/** `2026-12-31`, the same wherever the machine stands. */
export function dayOf(now: Date): string {
  return now.toISOString().slice(0, 10);
}

function baselineOf({ baseline, updateBaseline }: GateFlags, cwd: string): GateRequest['baseline'] {
  if (baseline !== undefined) return { path: resolve(cwd, baseline), update: updateBaseline ?? null };
  if (updateBaseline === undefined) return null;
  throw new UsageError('missing-argument', {
    flag: '--baseline',
    what: 'the file or folder that --update-baseline writes',
  });
}

function scenarioOf(subject: GateSubject, context: GateRequestContext): GateScenarioRequest {
  const { name, owner, head, base, flags, metrics, tolerance } = subject;
  const instances = parseCount({ flag: '--instances', text: flags.instances });
  const quality = qualityOf(subject, context);
  const rules = readGateRules({
    flags: readRuleFlags(flags),
    configured: metrics,
    usualTolerance: optional(tolerance, parseTolerance),
    instances,
    hasQuality: quality !== null,
  });
  return {
    name,
    owner,
    // A calibration holds the head against itself.
    base: flags.calibrate === true ? null : base,
    head,
    provider: parseName({ flag: '--ep', text: flags.ep }, providerNames),
    threads: optional(flags.threads, (text) => parseCount({ flag: '--threads', text })),
    instances,
    batch: optional(flags.batch, (text) => parseCount({ flag: '--batch', text })),
    batchDimension: flags.batchDim,
    dims: assignments('--dim', flags.dim, (text) => parseCount({ flag: '--dim', text }, 0)),
    shapes: assignments('--shape', flags.shape, (text) => parseShape({ flag: '--shape', text })),
    values: assignments('--input', flags.input, parseInputValue),
    dataPath: optional(flags.data, (path) => resolve(context.cwd, path)),
    quality,
    rules,
  };
}

function parseTolerance(text: string): number {
  return figureIn({ flag: '--tolerance', text }, readTolerance(text));
}

/** What the command line says of rules: it wins over every rule of the config. Throws UsageError. */
export function readRuleFlags(flags: GateFlags): RuleFlags {
  const names = patternsIn(flags.metric);
  const budgets = (flags.maxLatency ?? []).map((text) => parseLatencyBudget({ flag: '--max-latency', text }));
  return {
    metrics: names.length === 0 ? null : names.map((text) => parseName({ flag: '--metric', text }, gateMetrics)),
    tolerance: optional(flags.tolerance, parseTolerance),
    budgets: new Map(budgets),
  };
}

/** Where nothing says how far it may fall behind. */
const usualDrop = '1%';

function qualityOf({ flags, quality }: GateSubject, { cwd, isGiven }: GateRequestContext): GateQualityRequest | null {
  const { maxDrop } = flags;
  if (quality === null && maxDrop === undefined) return null;
  if (quality === null && flags.data === undefined)
    throw new UsageError('missing-argument', { flag: '--data', what: 'the samples that --max-drop is judged on' });
  const data = (isGiven('data') ? flags.data : quality?.data) ?? flags.data ?? '';
  const scoring = scoringFlagsOf(quality);
  const { samples, batch, preprocess, pairs, tokenizer } = readFeed(scoring);
  const text = maxDrop ?? String(quality?.maxDrop ?? usualDrop);
  return {
    dataPath: resolve(cwd, data),
    maxDrop: { text, limit: parseDropLimit(text) },
    task: readTask(scoring, cwd),
    samples,
    batch,
    preprocess,
    pairs,
    tokenizer,
  };
}

/** The section's words as the flags of `infer evaluate`. */
function scoringFlagsOf(quality: GateQualityConfig | null): ScoringFlags {
  const { data: _, maxDrop: __, preprocess, metric, ...rest } = quality ?? { data: '' };
  const texts = Object.entries(rest).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]));
  return {
    topK: '5',
    blank: '0',
    ep: 'cpu',
    timeout: '120s',
    onInconclusive: 'warn',
    ...Object.fromEntries(texts),
    ...(metric !== undefined && { metric: [metric].flat().map(String) }),
    ...(preprocess && { preprocess: Object.entries(preprocess).map(([name, value]) => `${name}=${String(value)}`) }),
  };
}
