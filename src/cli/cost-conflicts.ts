import { UsageError } from '../errors.ts';
import type { CostFlags } from './cost-options.ts';

type Option = keyof CostFlags;

/** Two that tell the same thing. */
const conflicts = [
  {
    option: 'requestsPerMonth',
    flag: '--requests-per-month',
    with: 'rps',
    other: '--rps',
    problem: 'both tell the load',
  },
  { option: 'peak', flag: '--peak', with: 'profile', other: '--profile', problem: 'the profile has a peak of its own' },
] as const;

/** What is said of a load needs one. */
const aboutLoad = [
  ['profile', '--profile'],
  ['peak', '--peak'],
  ['cacheHit', '--cache-hit'],
] as const;

/** An option, the one that it needs, and what to give for that. */
const companions = [
  ['escalate', 'route', '--route', 'the two models of the cascade, as small,large'],
  ['route', 'escalate', '--escalate', 'the share of requests that go on to the large model, such as 20%'],
  ['vsApi', 'tokens', '--tokens', 'the tokens of a request in and out, such as 1000,250'],
  ['tokens', 'vsApi', '--vs-api', 'the model whose API price to compare with'],
] as const;

/**
 * Refuses flags that make no sense together, or without another one.
 * @throws UsageError `flags-conflict`, `missing-argument`
 */
export function checkCostConflicts(flags: CostFlags): void {
  const has = (option: Option) => flags[option] !== undefined;
  for (const { option, flag, with: second, other, problem } of conflicts)
    if (has(option) && has(second)) throw new UsageError('flags-conflict', { flag, other, problem });
  // A trace has a rate of its own.
  const hasLoad = has('rps') || has('requestsPerMonth') || isTrace(flags.arrivals);
  for (const [option, flag] of aboutLoad)
    if (has(option) && !hasLoad)
      throw new UsageError('missing-argument', { flag: '--rps', what: `the load that ${flag} is about` });
  for (const [option, companion, flag, what] of companions)
    if (has(option) && !has(companion)) throw new UsageError('missing-argument', { flag, what });
}

function isTrace(arrivals: string): boolean {
  return arrivals !== 'poisson' && !arrivals.startsWith('gamma:');
}

/** Flags about measuring, as they are written. */
const measuring = {
  measureBatch: '--measure-batch',
  measureInstances: '--measure-instances',
  ep: '--ep',
  threads: '--threads',
  dim: '--dim',
  shape: '--shape',
  input: '--input',
  data: '--data',
  samples: '--samples',
  batchDim: '--batch-dim',
  budget: '--budget',
  rounds: '--rounds',
  timeout: '--timeout',
  strictEp: '--strict-ep',
} as const;

/** Refuses flags about measuring where nothing is measured. Throws UsageError. */
export function checkNothingToMeasure(isGiven: (option: string) => boolean): void {
  for (const [option, flag] of Object.entries(measuring))
    if (isGiven(option))
      throw new UsageError('flags-conflict', {
        flag,
        other: 'saved results alone',
        problem: 'nothing is measured, for that name an .onnx file',
      });
}
