import type { KernelRuns, RunProfile } from '../runtime/run-profile.ts';
import { midmean } from '../stats/midmean.ts';

/** Own time in a run that it ran in, times how often that is: a branch that every second run takes counts half. */
export function selfOf({ selfUs, calls }: KernelRuns): number {
  const ran = selfUs.filter((_, run) => (calls[run] ?? 0) > 0);
  return ran.length === 0 ? 0 : midmean(ran) * (ran.length / selfUs.length);
}

/** Executions in a run. */
export function callsOf({ calls }: KernelRuns): number {
  return calls.length === 0 ? 0 : calls.reduce((sum, each) => sum + each, 0) / calls.length;
}

/**
 * Own time of each kernel in a run without profiling, in microseconds, as well as a profile tells it: what the profile
 * takes to write itself down is taken off, between kernels of a body from the node that holds it, and from each
 * execution, for shapes and sizes are written before the clock stops.
 * @param plainUs what a run takes without profiling; together nothing is taken off beyond it
 */
export function ownTimes(profile: Pick<RunProfile, 'kernels' | 'runsUs'>, plainUs: number): readonly number[] {
  const { kernels } = profile;
  const calls = kernels.map(callsOf);
  const betweenUs = writingBetween(profile, calls);
  const inside = kernels.map(() => 0);
  for (const [at, { within }] of kernels.entries())
    if (within !== null) inside[within] = (inside[within] ?? 0) + (calls[at] ?? 0);
  const own = kernels.map((kernel, at) => {
    const us = selfOf(kernel);
    return Math.max(us * leastLeft, us - betweenUs * (inside[at] ?? 0));
  });
  const addedUs = writingWithin(own, calls, plainUs);
  return own.map((us, at) => Math.max(0, us - addedUs * (calls[at] ?? 0)));
}

/** Of a node with a body, however much was written in it: it chooses, passes values on, begins a run. */
const leastLeft = 0.05;

/** What writing down an execution takes after the clock stopped: what a run takes beside its kernels, by kernel. */
function writingBetween({ kernels, runsUs }: Pick<RunProfile, 'kernels' | 'runsUs'>, calls: readonly number[]): number {
  if (runsUs.length === 0) return 0;
  const outer = sum(calls.filter((_, at) => kernels[at]?.within === null));
  const uncovered = midmean(runsUs) - sum(kernels.map(selfOf));
  return outer === 0 ? 0 : Math.max(0, uncovered / outer);
}

/** Share of the kernels that is cheap enough to be nearly nothing but their start. */
const cheapest = 0.05;

/**
 * What writing adds to an execution: together no more than a profiled run's kernels take longer than a plain run, and
 * each no more than what the cheapest kernels take in all.
 */
function writingWithin(own: readonly number[], calls: readonly number[], plainUs: number): number {
  const ran = own.flatMap((us, at) => ((calls[at] ?? 0) > 0 ? [us / (calls[at] ?? 1)] : []));
  const made = sum(calls);
  if (ran.length === 0 || made === 0) return 0;
  const least = ran.toSorted((a, b) => a - b)[Math.floor(cheapest * (ran.length - 1))] ?? 0;
  return Math.max(0, Math.min((sum(own) - plainUs) / made, least));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
