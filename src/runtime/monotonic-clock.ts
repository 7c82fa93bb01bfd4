const readings = 9;

/**
 * Milliseconds between `performance.now()` and the system's monotonic clock. Every process of a machine shares the
 * latter, so times of several processes can be put on one axis; reading `performance.now()` is cheaper inside a loop.
 */
export function monotonicOffsetMs(): number {
  // Whoever loses the processor between the two readings is off by as long, always downward: the largest lost least.
  return Math.max(...Array.from({ length: readings }, () => Number(process.hrtime.bigint()) / 1e6 - performance.now()));
}

const offsetMs = monotonicOffsetMs();

/** Monotonic time in ms, comparable between processes of this machine. */
export function monotonicNowMs(): number {
  return performance.now() + offsetMs;
}
