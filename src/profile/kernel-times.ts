import type { KernelRuns } from '../runtime/run-profile.ts';
import { median, quantileOfSorted } from '../stats/quantile.ts';
import { midmean } from '../stats/midmean.ts';
import { callsOf, ownTimes, selfOf } from './own-times.ts';
import type { MeasuredRound } from './take-rounds.ts';

/** A kernel and what it took, one figure a round. */
export interface KernelTimes {
  /** As its first profile told it. */
  readonly kernel: KernelRuns;
  /** The one in whose body it ran, as an index into the list; null in the main graph. */
  readonly within: number | null;
  /** Of all kernels' own times, less what profiling adds. */
  readonly shares: readonly number[];
  /** Its own time in a run as the profile told it; and executions in a run. */
  readonly profiledMs: number;
  readonly calls: number;
  readonly waitShare: number | null;
}

interface Entry {
  readonly kernel: KernelRuns;
  readonly within: string | null;
  readonly rounds: Map<number, KernelRuns>;
}

/** Lines kernels up over the profiles of all rounds: the runtime makes the same of a model whenever it loads it. */
export function kernelTimes(rounds: readonly MeasuredRound[]): readonly KernelTimes[] {
  const entries = new Map<string, Entry>();
  for (const [round, { profile }] of rounds.entries()) {
    const keys = keysOf(profile.kernels);
    for (const [at, kernel] of profile.kernels.entries()) {
      const key = keys[at] ?? '';
      const entry = entries.get(key) ?? { kernel, within: keys[kernel.within ?? -1] ?? null, rounds: new Map() };
      entries.set(key, entry);
      entry.rounds.set(round, kernel);
    }
  }
  const places = new Map([...entries.keys()].map((key, at) => [key, at]));
  const shares = rounds.map(({ plainMs, profile }) => sharesOf(profile.kernels, ownTimes(profile, plainMs * 1000)));
  return [...entries.values()].map((entry) => ({
    kernel: entry.kernel,
    within: places.get(entry.within ?? '') ?? null,
    shares: shares.map((ofRound, round) => ofRound.get(entry.rounds.get(round) ?? entry.kernel) ?? 0),
    ...overRounds([...entry.rounds.values()]),
  }));
}

function overRounds(rounds: readonly KernelRuns[]) {
  const selfUs = median(rounds.map((kernel) => selfOf(kernel)));
  const waits = rounds.flatMap(({ waitUs }) => (waitUs === null ? [] : [midmean(waitUs)]));
  return {
    profiledMs: selfUs / 1000,
    calls: median(rounds.map((kernel) => callsOf(kernel))),
    waitShare: waits.length === 0 ? null : Math.min(1, selfUs === 0 ? 0 : median(waits) / selfUs),
  };
}

function keysOf(kernels: readonly KernelRuns[]): readonly string[] {
  const keyOf = ({ within, index, op, name }: KernelRuns): string => {
    const holder = within === null ? undefined : kernels[within];
    return `${holder === undefined ? '' : `${keyOf(holder)} > `}${index ?? ''} ${op} ${name}`;
  };
  return kernels.map(keyOf);
}

function sharesOf(kernels: readonly KernelRuns[], own: readonly number[]): ReadonlyMap<KernelRuns, number> {
  const total = own.reduce((sum, us) => sum + us, 0);
  return new Map(kernels.map((kernel, at) => [kernel, total === 0 ? 0 : (own[at] ?? 0) / total]));
}

/** Own times of all kernels over what the runs took, by the profile itself. */
export function coverageOf({ profile: { kernels, runsUs } }: MeasuredRound): number {
  const runs = sum(runsUs);
  return runs === 0 ? 0 : sum(kernels.map(({ selfUs }) => sum(selfUs))) / runs;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/**
 * Share of a run in which the profile writes itself down between kernels: as often as there is one, what the shorter gaps
 * take (their lower quartile), for in longer ones the runtime may do something of its own.
 */
export function writingShareOf({ profile: { kernels, typical } }: MeasuredRound): number {
  const outer = (typical?.events ?? []).filter(({ kernel }) => kernels[kernel]?.within === null);
  const gaps = outer.slice(1).map(({ startUs }, at) => {
    const before = outer[at];
    return before === undefined ? 0 : Math.max(0, startUs - before.startUs - before.durationUs);
  });
  if (typical === null || typical.durationUs === 0 || gaps.length === 0) return 0;
  return (quantileOfSorted(Float64Array.from(gaps).toSorted(), 0.25) * outer.length) / typical.durationUs;
}
