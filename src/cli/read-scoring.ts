import { resolve } from 'node:path';
import { nodeProviderNames, parseInputValue } from '../commands/bench-vocabulary.ts';
import type { EvaluateRequest } from '../commands/evaluate.ts';
import { metricNames, pairUses, parsePreprocess, taskNames, vocabularyLines } from '../commands/evaluate-vocabulary.ts';
import { assignments, optional } from './flag-values.ts';
import { preprocessText } from './preprocess-text.ts';
import { readTextFile } from '../commands/read-text-file.ts';
import type { ScoringFlags } from './scoring-options.ts';
import { parseCount, parseDurationMs, parseName, parseShape } from './value-syntax.ts';

/** What the model is for. Throws UsageError, also for a vocabulary that cannot be read. */
export function readTask(flags: ScoringFlags, cwd: string): EvaluateRequest['task'] {
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

type Feed = Pick<
  EvaluateRequest,
  'samples' | 'batch' | 'batchDimension' | 'dims' | 'shapes' | 'values' | 'preprocess' | 'pairs' | 'tokenizer'
>;

/** How samples become runs. Throws UsageError. */
export function readFeed(flags: ScoringFlags): Feed {
  return {
    samples: optional(flags.samples, (text) => parseCount({ flag: '--samples', text })),
    batch: optional(flags.batch, (text) => parseCount({ flag: '--batch', text })),
    batchDimension: flags.batchDim,
    dims: assignments('--dim', flags.dim, (text) => parseCount({ flag: '--dim', text }, 0)),
    shapes: assignments('--shape', flags.shape, (text) => parseShape({ flag: '--shape', text })),
    values: assignments('--input', flags.input, parseInputValue),
    preprocess: flags.preprocess === undefined ? null : parsePreprocess(preprocessText(flags.preprocess)),
    tokenizer: flags.tokenizer ?? null,
    pairs: optional(flags.pairs, (text) => parseName({ flag: '--pairs', text }, pairUses)),
  };
}

/** Where and how the model runs, on one of the providers that can. Throws UsageError. */
export function readPlace(
  flags: ScoringFlags,
  providers: readonly EvaluateRequest['provider'][] = nodeProviderNames,
): Pick<EvaluateRequest, 'provider' | 'strictProvider' | 'threads' | 'timeoutMs'> {
  return {
    provider: parseName({ flag: '--ep', text: flags.ep }, providers),
    strictProvider: flags.strictEp === true,
    threads: optional(flags.threads, (text) => parseCount({ flag: '--threads', text })),
    timeoutMs: parseDurationMs({ flag: '--timeout', text: flags.timeout }),
  };
}
