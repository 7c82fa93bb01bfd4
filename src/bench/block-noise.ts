import type { NoiseCounters } from '../runtime/noise-counters.ts';
import { median } from '../stats/quantile.ts';
import type { BlockNoise } from './bench-result.ts';

/**
 * The rules that make a block dirty, fixed before anything is measured and the same for every point (figures from
 * what gates on shared machines need: pressure and steal explain most of the run-to-run variation).
 */
const dirtyRules = {
  /** Share of the block in which some task waited for a processor. */
  stalledShare: 0.05,
  /**
   * The same where the block itself fills every core: the system's own chores then wait for its threads, about 5 % of
   * the time on a quiet machine. A competing job shows as far more.
   */
  stalledShareWhenFull: 0.25,
  /** Share of all processor time that the hypervisor gave to others. */
  stealShare: 0.02,
  /** Involuntary context switches over the median of the blocks before, when above the floor a second. */
  switchesOverMedian: 5,
  switchesFloorPerSecond: 50,
  /** Loss of clock from before the block to after it. */
  clockRatio: 0.9,
} as const;

export interface BlockNoiseInput {
  readonly before: NoiseCounters;
  readonly after: NoiseCounters;
  readonly involuntarySwitches: number | null;
  readonly latencyMs: readonly number[];
  /** Threads of the block over usable cores. Above 1 its own threads wait for each other, which is not noise. */
  readonly occupancy: number;
  /** Involuntary switches a second of the blocks before this one. */
  readonly earlierSwitchesPerSecond: readonly number[];
}

/** What disturbed a block, and which rules that breaks. */
export function blockNoise(input: BlockNoiseInput): Omit<BlockNoise, 'repeated'> {
  const { before, after } = input;
  const wallMs = after.atMs - before.atMs;
  const facts = {
    stalledShare: share(difference(before.stalledMs, after.stalledMs), wallMs),
    stealShare: share(difference(before.stealMs, after.stealMs), difference(before.cpuTotalMs, after.cpuTotalMs)),
    involuntarySwitchesPerSecond: perSecond(input.involuntarySwitches, wallMs),
    throttledPeriods: difference(before.throttledPeriods, after.throttledPeriods),
    clockRatio: share(after.frequencyMhz, before.frequencyMhz),
    driftRatio: driftRatio(input.latencyMs),
  };
  return { ...facts, dirty: brokenRules(facts, input) };
}

function brokenRules(facts: Omit<BlockNoise, 'repeated' | 'dirty'>, input: BlockNoiseInput): BlockNoise['dirty'] {
  const ownDoing = input.occupancy > 1;
  const stalledLimit = input.occupancy < 1 ? dirtyRules.stalledShare : dirtyRules.stalledShareWhenFull;
  const broken: BlockNoise['dirty'] = [];
  if (!ownDoing && (facts.stalledShare ?? 0) > stalledLimit) broken.push('stalled');
  if ((facts.stealShare ?? 0) > dirtyRules.stealShare) broken.push('steal');
  if (!ownDoing && manySwitches(facts.involuntarySwitchesPerSecond ?? 0, input.earlierSwitchesPerSecond))
    broken.push('switches');
  if ((facts.throttledPeriods ?? 0) > 0) broken.push('throttled');
  if ((facts.clockRatio ?? 1) < dirtyRules.clockRatio) broken.push('clock');
  return broken;
}

function manySwitches(perSecond: number, earlier: readonly number[]): boolean {
  if (earlier.length < 5 || perSecond < dirtyRules.switchesFloorPerSecond) return false;
  return perSecond > dirtyRules.switchesOverMedian * median(earlier);
}

/** Median of the last third over that of the first: heat, clocks or a growing heap show here. Null below 9 runs. */
function driftRatio(latencyMs: readonly number[]): number | null {
  const third = Math.floor(latencyMs.length / 3);
  if (third < 3) return null;
  return median(latencyMs.slice(-third)) / median(latencyMs.slice(0, third));
}

function difference(before: number | null, after: number | null): number | null {
  return before === null || after === null ? null : after - before;
}

function perSecond(count: number | null, wallMs: number): number | null {
  const perMs = share(count, wallMs);
  return perMs === null ? null : perMs * 1000;
}

function share(part: number | null, whole: number | null): number | null {
  return part === null || whole === null || whole <= 0 ? null : part / whole;
}
