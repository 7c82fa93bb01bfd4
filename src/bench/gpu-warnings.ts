import type { BenchOptions } from './bench-options.ts';
import type { Point } from './bench-result.ts';
import type { BenchWarning } from './bench-warning.ts';
import { onNvidia } from './gpu-block.ts';

/** Less does not show in the figures. */
const throttledShare = 0.05;
/** An idle GPU that is busier than this is not ours alone. */
const busyShare = 0.05;
/** Reasons that are the state of the machine, and not a clock that somebody chose. */
const disturbances: ReadonlySet<string> = new Set([
  'power-cap',
  'hardware-slowdown',
  'thermal',
  'hardware-thermal',
  'power-brake',
]);

/** What a reader should know about the GPU of the points that ran on one. */
export function gpuWarnings(points: readonly Point[], { gpu }: BenchOptions): readonly BenchWarning[] {
  const onGpu = points.filter(({ ep, rounds }) => onNvidia(ep) && rounds.length > 0);
  if (gpu === undefined || onGpu.length === 0) return [];
  const { device, monitor } = gpu;
  const problem = monitor.problem();
  const busy = monitor.idle?.utilization ?? 0;
  return [
    ...(busy > busyShare ? [{ code: 'gpu-busy' as const, details: { device, utilization: busy } }] : []),
    ...throttledWarnings(onGpu),
    ...(problem === null ? [] : [{ code: 'gpu-unwatched' as const, details: { device, ...problem } }]),
    ...(onGpu.some((point) => point.gpu?.isMig === true) ? [{ code: 'gpu-shared' as const, details: { device } }] : []),
  ];
}

function throttledWarnings(points: readonly Point[]): readonly BenchWarning[] {
  const slowed = points.flatMap((point) =>
    (point.gpu?.throttled ?? []).filter(({ reason, share }) => disturbances.has(reason) && share > throttledShare),
  );
  const reasons = [...new Set(slowed.map(({ reason }) => reason))];
  return reasons.map((reason) => {
    const shares = slowed.filter((entry) => entry.reason === reason).map(({ share }) => share);
    return { code: 'gpu-throttled', details: { reason, points: shares.length, worst: Math.max(...shares) } };
  });
}
