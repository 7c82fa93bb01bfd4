import type { Round } from './bench-result.ts';

/** Most service times a block keeps in the result file. */
const keptRuns = 1000;

/**
 * Keeps every `stride`-th service time so that at most 1,000 remain, and the figures that need all of them.
 * Throws RangeError when there are none.
 */
export function thinOut(
  latencyMs: readonly number[],
): Pick<Round, 'latencyMs' | 'stride' | 'runs' | 'sumMs' | 'minMs' | 'maxMs'> {
  if (latencyMs.length === 0) throw new RangeError('no run ended while all instances ran');
  const stride = Math.ceil(latencyMs.length / keptRuns);
  let sumMs = 0;
  let minMs = Infinity;
  let maxMs = 0;
  for (const ms of latencyMs) {
    sumMs += ms;
    minMs = Math.min(minMs, ms);
    maxMs = Math.max(maxMs, ms);
  }
  return {
    latencyMs: latencyMs.filter((_, run) => run % stride === 0),
    stride,
    runs: latencyMs.length,
    sumMs,
    minMs,
    maxMs,
  };
}
