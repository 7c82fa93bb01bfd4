import { TimeRecorder } from './time-recorder.ts';
import type { MeasureRule } from './runtime.ts';

/** What the loop times: anything with onnxruntime's `run`. */
export interface Runnable<Feeds> {
  run(feeds: Feeds): Promise<unknown>;
}

export interface MeasureLoopOptions<Feeds> {
  readonly session: Runnable<Feeds>;
  /** Inputs to cycle through; at least one. */
  readonly pool: readonly Feeds[];
  readonly rule: Omit<MeasureRule, 'startAtMs'>;
  /** The clock that is read twice a run, in ms. */
  readonly now: () => number;
  /** Called between runs, never inside a timed one, with the time of the clock. */
  readonly onAlive?: (nowMs: number) => void;
}

/**
 * Runs a session again and again and records when each run started and ended.
 *
 * Stops after `minRuns` runs and `minMs`; past `maxMs` it stops after `floorRuns`. This is the code that
 * `npm run bench:peer` compares with a bare loop: nothing but the run stands between the two clock readings.
 */
export async function measureLoop<Feeds>(options: MeasureLoopOptions<Feeds>): Promise<TimeRecorder> {
  const { session, pool, rule, now } = options;
  const recorder = new TimeRecorder();
  const beganMs = now();
  for (let runs = 0; ;) {
    const feeds = pool[runs % pool.length];
    if (feeds === undefined) throw new RangeError('the input pool is empty');
    const startMs = now();
    await session.run(feeds);
    const endMs = now();
    recorder.add(startMs, endMs);
    runs += 1;
    if (isDone(rule, { runs, elapsedMs: endMs - beganMs })) return recorder;
    options.onAlive?.(endMs);
  }
}

function isDone(rule: Omit<MeasureRule, 'startAtMs'>, so: { runs: number; elapsedMs: number }): boolean {
  if (so.elapsedMs >= rule.maxMs && so.runs >= rule.floorRuns) return true;
  return so.elapsedMs >= rule.minMs && so.runs >= rule.minRuns;
}
