import type { BenchResult } from '../bench/bench-result.ts';

/** Several saved bench results to look at side by side. */
export interface BenchSet {
  readonly kind: 'bench-set';
  readonly results: readonly SavedBench[];
  /** Results by fingerprint, in order of appearance; only timings of one group may be compared. */
  readonly groups: readonly ComparableGroup[];
}

export interface SavedBench {
  readonly path: string;
  readonly result: BenchResult;
}

interface ComparableGroup {
  readonly fingerprint: string;
  /** Indices into `results`; the first one is what the others are held against. */
  readonly members: readonly number[];
}

export function benchSet(results: readonly SavedBench[]): BenchSet {
  const fingerprints = [...new Set(results.map(({ result }) => result.environment.fingerprint))];
  const groups = fingerprints.map((fingerprint) => ({
    fingerprint,
    members: results.flatMap(({ result }, index) => (result.environment.fingerprint === fingerprint ? [index] : [])),
  }));
  return { kind: 'bench-set', results, groups };
}
