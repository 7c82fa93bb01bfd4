import type { ValueStatistics } from '../../compute/calibration/statistics.ts';
import type { RealRange } from '../numeric/scale-and-zero-point.ts';
import { entropy } from './entropy.ts';
import { minmax, movingAverage } from './minmax.ts';
import { mse } from './mse.ts';
import { percentile } from './percentile.ts';
import type { IntegerTarget, RangeMethod } from './range-method.ts';

/** Every way to a range, by the name that users call it. */
export const rangeMethods = {
  minmax,
  'moving-average': movingAverage,
  percentile: (stats, { symmetric }) => percentile(stats, { symmetric }),
  entropy,
  mse,
} as const satisfies Readonly<Record<string, RangeMethod>>;

export type RangeMethodName = keyof typeof rangeMethods;

export interface CandidateRange {
  /** The methods that choose it, in the order of the table. */
  readonly methods: readonly RangeMethodName[];
  readonly range: RealRange;
}

const methodNames: readonly RangeMethodName[] = ['minmax', 'moving-average', 'percentile', 'entropy', 'mse'];

/** The distinct ranges that all methods choose for a value, minmax first. */
export function candidateRanges(stats: ValueStatistics, target: IntegerTarget): readonly CandidateRange[] {
  const found = new Map<string, { readonly methods: RangeMethodName[]; readonly range: RealRange }>();
  for (const name of methodNames) {
    const range = rangeMethods[name](stats, target);
    const key = `${range.min} ${range.max}`;
    const known = found.get(key);
    if (known === undefined) found.set(key, { methods: [name], range });
    else known.methods.push(name);
  }
  return [...found.values()];
}
