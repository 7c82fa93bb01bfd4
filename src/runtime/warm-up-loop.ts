import { median } from '../stats/quantile.ts';
import type { Runnable } from './measure-loop.ts';
import type { WarmUpReport, WarmUpRule } from './runtime.ts';

export interface WarmUpLoopOptions<Feeds> {
  readonly session: Runnable<Feeds>;
  readonly pool: readonly Feeds[];
  readonly rule: WarmUpRule;
  readonly now: () => number;
  readonly onAlive?: (nowMs: number) => void;
}

/** Fewest runs a window's median is taken of. */
const smallestWindow = 5;

/**
 * Runs until the medians of the last two windows agree within the rule's tolerance, at least `minRuns` runs and
 * `minMs`, at most `maxMs`. A window is a quarter of the runs so far, but no fewer than five.
 */
export async function warmUpLoop<Feeds>(options: WarmUpLoopOptions<Feeds>): Promise<WarmUpReport> {
  const { session, pool, rule, now } = options;
  const times: number[] = [];
  const beganMs = now();
  // Checking after each run would cost more than a fast model's run: the next check waits until 10 % more were made.
  let nextCheck = 2 * smallestWindow;
  for (;;) {
    const feeds = pool[times.length % pool.length];
    if (feeds === undefined) throw new RangeError('the input pool is empty');
    const startMs = now();
    await session.run(feeds);
    const endMs = now();
    times.push(endMs - startMs);
    options.onAlive?.(endMs);
    const elapsedMs = endMs - beganMs;
    if (elapsedMs >= rule.maxMs && times.length >= rule.minRuns)
      return { runs: times.length, elapsedMs, settled: isSettled(times, rule.tolerance) };
    if (times.length < rule.minRuns || elapsedMs < rule.minMs || times.length < nextCheck) continue;
    if (isSettled(times, rule.tolerance)) return { runs: times.length, elapsedMs, settled: true };
    nextCheck = Math.ceil(times.length * 1.1);
  }
}

/** Whether the medians of the last two windows differ by at most `tolerance` of the earlier one. */
export function isSettled(times: readonly number[], tolerance: number): boolean {
  const window = Math.max(smallestWindow, Math.floor(times.length / 4));
  if (times.length < 2 * window) return false;
  const earlier = median(times.slice(-2 * window, -window));
  const later = median(times.slice(-window));
  return Math.abs(later - earlier) <= tolerance * earlier;
}
