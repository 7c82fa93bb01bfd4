import { resolve } from 'node:path';
import { parseInputValue, providerNames } from '../commands/bench-vocabulary.ts';
import type { EvaluateGoal, EvaluateRequest } from '../commands/evaluate.ts';
import {
  metricNames,
  pairUses,
  parseDropLimit,
  parsePreprocess,
  taskNames,
  vocabularyLines,
} from '../commands/evaluate-vocabulary.ts';
import { UsageError } from '../errors.ts';
import type { EvaluateFlags } from './evaluate-options.ts';
import { doubtPolicies } from './evaluate-options.ts';
import { assignments, optional } from './flag-values.ts';
import { preprocessText } from './preprocess-text.ts';
import { readTextFile } from './read-text-file.ts';
import { parseCount, parseDurationMs, parseName, parseNonNegative, parseShape } from './value-syntax.ts';

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
    samples: optional(flags.samples, (text) => parseCount({ flag: '--samples', text })),
    batch: optional(flags.batch, (text) => parseCount({ flag: '--batch', text })),
    batchDimension: flags.batchDim,
    task: taskOf(flags, cwd),
    goal: goalOf(flags),
    provider: parseName({ flag: '--ep', text: flags.ep }, providerNames),
    strictProvider: flags.strictEp === true,
    threads: optional(flags.threads, (text) => parseCount({ flag: '--threads', text })),
    dims: assignments('--dim', flags.dim, (text) => parseCount({ flag: '--dim', text }, 0)),
    shapes: assignments('--shape', flags.shape, (text) => parseShape({ flag: '--shape', text })),
    values: assignments('--input', flags.input, parseInputValue),
    preprocess: flags.preprocess === undefined ? null : parsePreprocess(preprocessText(flags.preprocess)),
    tokenizer: flags.tokenizer ?? null,
    pairs: optional(flags.pairs, (text) => parseName({ flag: '--pairs', text }, pairUses)),
    seed: parseCount({ flag: '--seed', text: flags.seed }, 0),
    timeoutMs: parseDurationMs({ flag: '--timeout', text: flags.timeout }),
  };
}

function taskOf(flags: EvaluateFlags, cwd: string): EvaluateRequest['task'] {
  const metrics = [flags.metric ?? []].flat().flatMap((list) => list.split(','));
  return {
    name: optional(flags.task, (text) => parseName({ flag: '--task', text }, taskNames)),
    outputName: flags.outputName ?? null,
    metrics:
      metrics.length === 0
        ? null
        : [...new Set(metrics.map((text) => parseName({ flag: '--metric', text }, metricNames)))],
    topK: parseCount({ flag: '--top-k', text: flags.topK }),
    blank: parseCount({ flag: '--blank', text: flags.blank }, 0),
    vocabulary: optional(flags.vocabulary, (path) => vocabularyLines(readTextFile(resolve(cwd, path), 'vocabulary'))),
    // One token alone predicts nothing.
    context: optional(flags.context, (text) => parseCount({ flag: '--context', text }, 2)),
  };
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
