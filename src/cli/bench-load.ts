import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { BenchRequest } from '../commands/bench.ts';
import { onBrowser, parseTrace } from '../commands/bench-vocabulary.ts';
import type { AskedRate } from '../commands/bench-vocabulary.ts';
import { readTextFile } from '../commands/read-text-file.ts';
import { UsageError } from '../errors.ts';
import { optional } from './flag-values.ts';
import { parseLoadArrivals, parseRates } from './load-syntax.ts';
import { parseObjective } from './objective-syntax.ts';
import { addDoubtOption } from './scoring-options.ts';
import { parseDurationMs } from './value-syntax.ts';

/** Options of `infer bench` for requests that arrive by a schedule. */
export interface LoadFlags {
  readonly rate?: string;
  readonly arrivals?: string;
  readonly duration?: string;
  readonly slo?: string;
  readonly findMax?: boolean;
}

type Load = NonNullable<BenchRequest['load']>;

export function addLoadOptions(command: Command): Command {
  command
    .option('--rate <list>', 'put each point under load too: 50/s, 0.8x of its closed-loop throughput, or max')
    .option('--arrivals <pattern>', 'poisson, constant, gamma:CV, or a .csv of arrival times (default: poisson)')
    .option('--duration <time>', 'length of a run under load (default: 10s, or the trace once)')
    .option('--slo <pNN=time>', 'objective under load, from the scheduled arrival: p99=50ms; exit 1 when missed')
    .option('--find-max', 'search the highest rate that meets --slo');
  return addDoubtOption(command, 'when too few requests or a late generator leave --slo open');
}

/**
 * The load that flags tell; none where they tell none.
 * @throws UsageError for a flag that does not fit, DataError for a trace that cannot be played
 */
export function readLoadSettings(
  flags: LoadFlags,
  { cwd, providers }: { readonly cwd: string; readonly providers: BenchRequest['providers'] },
): Pick<BenchRequest, 'load'> {
  const objective = optional(flags.slo, (text) => parseObjective({ flag: '--slo', text }));
  const durationMs = optional(flags.duration, (text) => parseDurationMs({ flag: '--duration', text }));
  const arrivals = arrivalsOf(flags, cwd);
  const rates = ratesOf(flags, arrivals.arrivals);
  const findMax = flags.findMax === true;
  if (rates.length === 0 && !findMax) {
    checkUnused(flags);
    return {};
  }
  if (findMax && objective === null)
    throw new UsageError('missing-argument', { flag: '--slo', what: 'what --find-max is to meet, such as p99=50ms' });
  checkProviders(providers, rates.length > 0 ? '--rate' : '--find-max');
  return { load: { rates, ...arrivals, objective, durationMs, findMax } };
}

/** A trace has a rate of its own, which is played unless another is asked for. */
function ratesOf({ rate, findMax }: LoadFlags, arrivals: Load['arrivals']): readonly AskedRate[] {
  const asked = optional(rate, (text) => parseRates({ flag: '--rate', text }));
  if (asked !== null) return asked;
  return arrivals.kind === 'trace' && findMax !== true ? [{ kind: 'recorded' }] : [];
}

function arrivalsOf({ arrivals = 'poisson' }: LoadFlags, cwd: string): Pick<Load, 'arrivals' | 'arrivalsName'> {
  const given = parseLoadArrivals({ flag: '--arrivals', text: arrivals });
  if ('pattern' in given) return { arrivals: given.pattern, arrivalsName: given.name };
  const { path } = given;
  const text = readTextFile(resolve(cwd, path), 'CSV file with times of arrival');
  return { arrivals: { kind: 'trace', timesMs: parseTrace(text, path), path }, arrivalsName: path };
}

/** Without a rate nothing would look at them. */
function checkUnused({ slo, arrivals, duration }: LoadFlags): void {
  const given = [
    slo === undefined ? [] : ['--slo'],
    arrivals === undefined ? [] : ['--arrivals'],
    duration === undefined ? [] : ['--duration'],
  ].flat()[0];
  if (given === undefined) return;
  throw new UsageError('missing-argument', {
    flag: '--rate',
    what: `the load that ${given} is for, such as 50/s or 0.8x, or give --find-max`,
  });
}

/** A page answers nobody but the one who opened it. */
function checkProviders(providers: BenchRequest['providers'], flag: string): void {
  const browser = providers.find((provider) => onBrowser(provider));
  if (browser === undefined) return;
  const problem = 'a model in a browser is measured in a closed loop alone';
  throw new UsageError('flags-conflict', { flag, other: `--ep ${browser}`, problem });
}
