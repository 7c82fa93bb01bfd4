import type { Estimate } from '../result/envelope.ts';
import { meanInterval } from '../stats/mean-interval.ts';
import type { AttributedKernel, Attribution } from './attribute.ts';
import type { KernelTimes } from './kernel-times.ts';
import type { NodeCost } from './profile-options.ts';
import type { ProfiledKernel, Roofs } from './profile-result.ts';
import { boundOf } from './roofs/bound-of.ts';
import { precisionOf } from './roofs/precision.ts';

/** Unprofiled times, in ms: of every round, and the figure told of them. */
export interface Latency {
  readonly roundsMs: readonly number[];
  readonly estimate: Estimate;
}

export interface KernelFacts {
  readonly attribution: Attribution;
  readonly latency: Latency;
  /** By node of the file. */
  readonly costs: readonly NodeCost[];
}

/** What is said of each kernel, but for the roofs. */
export function describeKernels(times: readonly KernelTimes[], facts: KernelFacts): readonly ProfiledKernel[] {
  return times.map((one, at) => {
    const owner = facts.attribution.kernels[at] ?? { name: one.kernel.name, added: null, fileNodes: [] };
    const { op, provider, inputs, outputs, inUseBytes } = one.kernel;
    const timeMs = timeOf(one.shares, facts.latency);
    const work = workOf(one, owner, facts.costs);
    return {
      name: owner.name,
      op,
      provider,
      within: one.within,
      share: shareOf(one.shares),
      timeMs,
      profiledMs: one.profiledMs,
      calls: one.calls,
      ...work,
      ...ratesOf(work, timeMs.value),
      bound: null,
      roofShare: null,
      arenaBytes: inUseBytes,
      waitShare: one.waitShare,
      inputs: inputs.map(({ type, dims }) => ({ type, dims: [...dims] })),
      outputs: outputs.map(({ type, dims }) => ({ type, dims: [...dims] })),
      added: owner.added,
      fileNodes: [...owner.fileNodes],
    };
  });
}

/** The same with what holds each kernel back. */
export function underRoofs(kernels: readonly ProfiledKernel[], roofs: Roofs): readonly ProfiledKernel[] {
  return kernels.map((kernel) => {
    const { macs, bytes, timeMs, calls } = kernel;
    // The roofline is of one execution: a short one that is made often is still short.
    const each = (total: number | null) => (total === null || calls === 0 ? null : total / calls);
    const precision = precisionOf(kernel);
    const work = { timeMs: each(timeMs.value) ?? 0, macs: each(macs), bytes: each(bytes), precision };
    return { ...kernel, ...boundOf(work, roofs) };
  });
}

/** Of a whole, so never below 0. */
export function shareOf(shares: readonly number[]): Estimate {
  const { value, low, high } = meanInterval(shares);
  return { value, low: low === null ? null : Math.max(0, low), high };
}

/** The share of the latency; its interval is that of the products of each round, around it. */
export function timeOf(shares: readonly number[], { roundsMs, estimate }: Latency): Estimate {
  const value = shareOf(shares).value * estimate.value;
  const { value: mean, low, high } = meanInterval(shares.map((share, round) => share * (roundsMs[round] ?? 0)));
  if (low === null || high === null || mean === 0) return { value, low, high };
  return { value, low: Math.max(0, (value * low) / mean), high: (value * high) / mean };
}

/** MACs and bytes of a run. */
function workOf({ kernel, calls }: KernelTimes, { fileNodes }: AttributedKernel, costs: readonly NodeCost[]) {
  const own = fileNodes.map((node) => costs[node] ?? { macs: null, bytes: null, constantBytes: 0 });
  const { parameterBytes, activationBytes, outputBytes } = kernel;
  // Weights that were packed while loading are no longer among the parameters that the runtime tells of.
  const constants = Math.max(
    parameterBytes ?? 0,
    own.reduce((sum, { constantBytes }) => sum + constantBytes, 0),
  );
  const told = activationBytes === null || outputBytes === null ? null : constants + activationBytes + outputBytes;
  const [only, ...others] = own;
  // The rules know that a view moves nothing and a Gather reads what it picks; of fused nodes the runtime knows more.
  const bytes = only !== undefined && others.length === 0 ? (only.bytes ?? told) : told;
  const macs = own.reduce<number | null>((sum, cost) => add(sum, cost.macs), own.length === 0 ? null : 0);
  return { macs: macs === null ? null : macs * calls, bytes: bytes === null ? null : bytes * calls };
}

function add(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a + b;
}

/** GFLOP and GB a second: a million of either in a millisecond is one. */
function ratesOf({ macs, bytes }: Pick<ProfiledKernel, 'macs' | 'bytes'>, timeMs: number) {
  const rate = (amount: number | null) => (amount === null || timeMs === 0 ? null : amount / timeMs / 1e6);
  const flop = macs === null ? null : 2 * macs;
  return {
    gflopPerSecond: rate(flop),
    gbPerSecond: rate(bytes),
    intensity: flop === null || bytes === null || bytes === 0 ? null : flop / bytes,
  };
}
