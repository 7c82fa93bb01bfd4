import type { Roofs } from '../profile-result.ts';
import type { Bound } from '../profile-vocabulary.ts';
import type { Precision } from './precision.ts';

export interface KernelWork {
  /** What it takes, unprofiled. */
  readonly timeMs: number;
  /** Null where they are not counted, as for elementwise operators. */
  readonly macs: number | null;
  /** Read and written, weights included. */
  readonly bytes: number | null;
  /** Of its products; `float32` unless given. See {@link precisionOf}. */
  readonly precision?: Precision;
}

export interface BoundOf {
  /** Null where nothing can be said: its work is not known, or it is far from both roofs for another reason. */
  readonly bound: Bound | null;
  /** Time at the nearer roof over its time; null where its work is not known. */
  readonly roofShare: number | null;
}

/** Kernels shorter than this may be nothing but their start: handing work to threads takes some ten microseconds. */
const shortMs = 0.05;

/** Below this share of its roof, a short kernel's work cannot be what it spends its time on. */
const overheadShare = 0.25;

/** Without products, a kernel that reaches less than this of the bandwidth is not held back by it. */
const trafficShare = 0.25;

/**
 * What holds a kernel back, by the roofline model: Williams, Waterman and Patterson, "Roofline: an insightful visual
 * performance model for multicore architectures", CACM 52 (2009). Its work takes at least the larger of FLOP over the
 * arithmetic roof (two a MAC) and bytes over the bandwidth; whichever is larger is the bound. A short kernel that takes
 * far longer than both is bound by its start.
 */
export function boundOf(work: KernelWork, roofs: Roofs): BoundOf {
  const { timeMs } = work;
  if ((work.macs === null && work.bytes === null) || !(timeMs > 0)) return { bound: null, roofShare: null };
  const { computeMs, memoryMs } = timesAtRoofs(work, roofs);
  const roofShare = Math.max(computeMs, memoryMs) / timeMs;
  if (timeMs < shortMs && roofShare < overheadShare) return { bound: 'overhead', roofShare };
  if (computeMs >= memoryMs && computeMs > 0) return { bound: 'compute', roofShare };
  const isTraffic = computeMs > 0 || roofShare >= trafficShare;
  return { bound: isTraffic ? 'memory' : null, roofShare };
}

/** What the arithmetic and the traffic of a kernel take at the roofs; 0 where there is none, or none is known. */
function timesAtRoofs({ macs, bytes, precision = 'float32' }: Omit<KernelWork, 'timeMs'>, roofs: Roofs) {
  return {
    computeMs: (2 * (macs ?? 0)) / (arithmeticRoof(precision, roofs) * 1e6),
    memoryMs: (bytes ?? 0) / (roofs.gbPerSecond * 1e6),
  };
}

/** GFLOP (or integer operations) a second. A type whose roof was not measured has that of float32. */
function arithmeticRoof(precision: Precision, roofs: Roofs): number {
  if (precision === 'int8') return roofs.int8GopPerSecond ?? roofs.gflopPerSecond;
  if (precision === 'float16') return roofs.float16GflopPerSecond ?? roofs.gflopPerSecond;
  return roofs.gflopPerSecond;
}
