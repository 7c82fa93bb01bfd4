import type { EvaluateGoal, EvaluateRequest } from '../commands/evaluate.ts';
import { onBrowser, providerNames } from '../commands/bench-vocabulary.ts';
import { parseDropLimit } from '../commands/evaluate-vocabulary.ts';
import { UsageError } from '../errors.ts';
import type { EvaluateFlags } from './evaluate-options.ts';
import { optional } from './flag-values.ts';
import { readFeed, readPlace, readTask } from './read-scoring.ts';
import { doubtPolicies } from './scoring-options.ts';
import { parseCount, parseName, parseNonNegative } from './value-syntax.ts';

export interface RequestContext {
  readonly model: string;
  readonly data: string;
  readonly cwd: string;
}

/** Reads the flags of `infer evaluate` into a request. Throws UsageError for the first that does not fit. */
export function readEvaluateRequest(flags: EvaluateFlags, { model, data, cwd }: RequestContext): EvaluateRequest {
  return {
    modelPath: model,
    referencePath: flags.reference ?? null,
    dataPath: data,
    ...readFeed(flags),
    task: readTask(flags, cwd),
    goal: goalOf(flags),
    ...readPlace(flags, providerNames),
    ...browserOf(flags),
    seed: parseCount({ flag: '--seed', text: flags.seed }, 0),
  };
}

function browserOf({ browser, ep }: EvaluateFlags): Pick<EvaluateRequest, 'browser'> {
  if (browser === undefined) return {};
  if (onBrowser(ep)) return { browser };
  const problem = 'only browser-webgpu and browser-wasm run in a browser';
  throw new UsageError('flags-conflict', { flag: '--browser', other: `--ep ${ep}`, problem });
}

function goalOf({ maxDrop, minSqnr, onInconclusive, reference }: EvaluateFlags): EvaluateGoal {
  const limit = optional(maxDrop, (text) => ({ text, limit: parseDropLimit(text) }));
  if (limit !== null && reference === undefined) {
    const what = 'the model that --max-drop holds this one against';
    throw new UsageError('missing-argument', { flag: '--reference', what });
  }
  const policy = parseName({ flag: '--on-inconclusive', text: onInconclusive }, doubtPolicies);
  return {
    maxDrop: limit,
    minSqnrDb: optional(minSqnr, (text) => parseNonNegative({ flag: '--min-sqnr', text })),
    warnsOfDoubt: policy !== 'pass',
  };
}
