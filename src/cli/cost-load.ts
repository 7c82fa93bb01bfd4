import { resolve } from 'node:path';
import { cacheHitOf, loadOf, parseTrace } from '../commands/cost-vocabulary.ts';
import { readTextFile } from '../commands/read-text-file.ts';
import type { ArrivalPattern, Load } from '../cost/load.ts';
import type { CostFlags } from './cost-options.ts';
import { parseArrivals, parseCache, parseProfile, parseRate } from './cost-syntax.ts';
import { optional } from './flag-values.ts';
import { parseFactor } from './limit-syntax.ts';

/**
 * The load that flags tell; null where they tell none. A trace of arrivals has a rate of its own, which `--rps` changes.
 * @throws UsageError for a flag that does not fit, DataError for a trace that cannot be played
 */
export function readLoad(flags: CostFlags, cwd: string): Load | null {
  const arrivals = arrivalsOf(flags, cwd);
  const rps = optional(flags.rps, (text) => parseRate({ flag: '--rps', text }, 'a rate above 0 such as 200 or 0.5'));
  const monthly = optional(flags.requestsPerMonth, (text) =>
    parseRate({ flag: '--requests-per-month', text }, 'a number above 0 such as 250k or 30M'),
  );
  const rate = rps !== null ? { rps } : monthly !== null ? { requestsPerMonth: monthly } : null;
  if (rate === null && arrivals.kind !== 'trace') return null;
  const profile = optional(flags.profile, (text) => parseProfile({ flag: '--profile', text }));
  const load = loadOf({
    ...rate,
    profile,
    arrivals,
    cacheHit: optional(flags.cacheHit, (text) => cacheHitOf(parseCache({ flag: '--cache-hit', text }))) ?? 0,
  });
  const peak = optional(flags.peak, (text) => parseFactor({ flag: '--peak', text }));
  return peak === null ? load : { ...load, peakPerSecond: load.meanPerSecond * peak };
}

function arrivalsOf({ arrivals }: CostFlags, cwd: string): ArrivalPattern {
  const pattern = parseArrivals({ flag: '--arrivals', text: arrivals });
  if ('kind' in pattern) return pattern;
  const text = readTextFile(resolve(cwd, pattern.path), 'CSV file with times of arrival');
  return { kind: 'trace', timesMs: parseTrace(text, pattern.path), path: pattern.path };
}
