import { resolve } from 'node:path';
import { parseInputValue } from '../commands/bench-vocabulary.ts';
import type { OptimizeRequest } from '../commands/optimize.ts';
import { optimizeTargets } from '../commands/optimize-vocabulary.ts';
import { defaultOutput } from './default-output.ts';
import { assignments, optional } from './flag-values.ts';
import type { OptimizeFlags } from './optimize-options.ts';
import { placeOfData } from './place-of-data.ts';
import { parseCount, parseDurationMs, parseName, parseNonNegative, parseShape } from './value-syntax.ts';

export interface RequestContext {
  readonly model: string;
  readonly cwd: string;
  /** Whether an option was on the command line itself. */
  readonly isGiven: (option: string) => boolean;
}

/** Reads the flags of `infer optimize` into a request. Throws UsageError for the first that does not fit. */
export function readOptimizeRequest(flags: OptimizeFlags, context: RequestContext): OptimizeRequest {
  const { model, cwd } = context;
  return {
    modelPath: model,
    outputPath: flags.output ?? defaultOutput(model, 'optimized'),
    force: flags.force === true,
    acceptWorse: flags.acceptWorse === true,
    rewrite: {
      dims: assignments('--dim', flags.dim, (text) => parseCount({ flag: '--dim', text }, 0)),
      dynamicBatch: flags.dynamicBatch === true,
      opset: optional(flags.opset, (text) => parseCount({ flag: '--opset', text })),
      inlineFunctions: flags.inlineFunctions === true,
      skip: namesIn(flags.skip ?? ''),
      target: parseName({ flag: '--target', text: flags.target }, optimizeTargets),
    },
    externalData: placeOfData(flags, context.isGiven),
    verify: flags.verify,
    inputs: {
      shapes: assignments('--shape', flags.shape, (text) => parseShape({ flag: '--shape', text })),
      values: assignments('--input', flags.input, parseInputValue),
      dataPath: optional(flags.data, (path) => resolve(cwd, path)),
      samples: optional(flags.samples, (text) => parseCount({ flag: '--samples', text })),
      seed: parseCount({ flag: '--seed', text: flags.seed }, 0),
    },
    tolerance: {
      absolute: parseNonNegative({ flag: '--atol', text: flags.atol }),
      relative: parseNonNegative({ flag: '--rtol', text: flags.rtol }),
    },
    bench:
      flags.bench === true
        ? {
            threads: optional(flags.threads, (text) => parseCount({ flag: '--threads', text })),
            budgetMs: parseDurationMs({ flag: '--budget', text: flags.budget }),
          }
        : null,
    timeoutMs: parseDurationMs({ flag: '--timeout', text: flags.timeout }),
  };
}

function namesIn(list: string): readonly string[] {
  return list
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}
