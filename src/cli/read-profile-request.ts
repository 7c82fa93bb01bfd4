import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { nodeProviderNames, optimizationLevels, parseInputValue } from '../commands/bench-vocabulary.ts';
import type { ProfileRequest, SubjectRequest } from '../commands/profile.ts';
import { UsageError } from '../errors.ts';
import { assignments, optional } from './flag-values.ts';
import type { ProfileFlags } from './profile-options.ts';
import { parseCount, parseDurationMs, parseName, parseShape } from './value-syntax.ts';

interface RequestContext {
  readonly model: string;
  readonly cwd: string;
}

/** More would say no more, and a profile of them is large. */
const mostRuns = 1000;

/** Reads the flags of `infer profile` into a request. Throws UsageError for the first that does not fit. */
export function readProfileRequest(flags: ProfileFlags, { model, cwd }: RequestContext): ProfileRequest {
  const subject = { modelPath: model, provider: parseName({ flag: '--ep', text: flags.ep }, nodeProviderNames) };
  return {
    ...subject,
    compare: optional(flags.compare, (text) => readOther(text, subject, cwd)),
    threads: optional(flags.threads, (text) => parseCount({ flag: '--threads', text })),
    dims: assignments('--dim', flags.dim, (text) => parseCount({ flag: '--dim', text }, 0)),
    batch: optional(flags.batch, (text) => parseCount({ flag: '--batch', text })),
    inputs: {
      shapes: assignments('--shape', flags.shape, (text) => parseShape({ flag: '--shape', text })),
      values: assignments('--input', flags.input, parseInputValue),
      batchDimension: flags.batchDim,
    },
    dataPath: optional(flags.data, (path) => resolve(cwd, path)),
    ...protocolOf(flags),
  };
}

function protocolOf(flags: ProfileFlags) {
  return {
    runs: parseRuns(flags.runs),
    rounds: parseCount({ flag: '--rounds', text: flags.rounds }),
    budgetMs: parseDurationMs({ flag: '--budget', text: flags.budget }),
    seed: parseCount({ flag: '--seed', text: flags.seed }, 0),
    optimization: parseName({ flag: '--optimization', text: flags.optimization }, optimizationLevels),
    strictProvider: flags.strictEp === true,
    timeoutMs: parseDurationMs({ flag: '--timeout', text: flags.timeout }),
    roofs: flags.roofs,
  };
}

function parseRuns(text: string): number {
  const runs = parseCount({ flag: '--runs', text });
  if (runs <= mostRuns) return runs;
  throw new UsageError('bad-value', { flag: '--runs', value: text, expected: `at most ${mostRuns}` });
}

/** A provider by its name, which the same model is profiled on; anything else is a model, for the same provider. */
function readOther(text: string, { modelPath, provider }: SubjectRequest, cwd: string): SubjectRequest {
  const other = nodeProviderNames.find((name) => name === text);
  if (other === provider)
    throw new UsageError('flags-conflict', {
      flag: `--compare ${text}`,
      other: `--ep ${provider}`,
      problem: 'there is nothing to compare',
    });
  if (other !== undefined) return { modelPath, provider: other };
  // What has neither folder nor extension was rather meant to be a provider.
  if (!/[./\\]/.test(text) && !existsSync(resolve(cwd, text)))
    throw new UsageError('unknown-name', { what: '--compare', value: text, known: nodeProviderNames });
  return { modelPath: text, provider };
}
