import type { Round } from './bench-result.ts';

/** Most service times a block keeps in the result file. */
const keptRuns = 1000;

/**
 * Keeps every `stride`-th service time so that at most 1,000 remain, and the figures that need all of them. `period` is
 * the number of runs after which the inputs repeat: a stride that shares a divisor with it would never meet some of
 * them, and so is not taken. Throws RangeError when there are no times.
 */
export function thinOut(
  latencyMs: readonly number[],
  period = 1,
): Pick<Round, 'latencyMs' | 'stride' | 'runs' | 'sumMs' | 'minMs' | 'maxMs'> {
  if (latencyMs.length === 0) throw new RangeError('no run ended while all instances ran');
  let stride = Math.ceil(latencyMs.length / keptRuns);
  while (stride > 1 && commonDivisor(stride, period) > 1) stride++;
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

/** The greatest, by Euclid. */
function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b);
}
