import { describe, expect, it } from 'vitest';
import { isSettled, warmUpLoop } from '../../src/runtime/warm-up-loop.ts';

function session(durationOf: (run: number) => number) {
  let clockMs = 0;
  let runs = 0;
  return {
    now: () => clockMs,
    run: () => {
      clockMs += durationOf(runs++);
      return Promise.resolve();
    },
  };
}

const rule = { minRuns: 3, minMs: 200, maxMs: 10_000, tolerance: 0.02 };

describe('warmUpLoop', () => {
  it('goes on while runs get faster and stops when the windows agree', async () => {
    const falling = session((run) => 10 + 40 * Math.exp(-run / 10));
    const report = await warmUpLoop({ session: falling, pool: ['x'], rule, now: falling.now });
    expect(report.settled).toBe(true);
    // After 40 runs the curve is within 40·e^-4 = 0.7 ms of its floor: earlier windows differ by more than 2 %.
    expect(report.runs).toBeGreaterThan(40);
  });

  it('takes no longer than the least when runs are steady', async () => {
    const steady = session(() => 10);
    const report = await warmUpLoop({ session: steady, pool: ['x'], rule, now: steady.now });
    expect(report).toEqual({ runs: 20, elapsedMs: 200, settled: true });
  });

  it('gives up at the ceiling and says that it did not settle', async () => {
    const growing = session((run) => 1.05 ** run);
    const report = await warmUpLoop({
      session: growing,
      pool: ['x'],
      rule: { ...rule, maxMs: 1000 },
      now: growing.now,
    });
    expect(report.settled).toBe(false);
    expect(report.elapsedMs).toBeGreaterThanOrEqual(1000);
  });
});

describe('isSettled', () => {
  it('compares medians, so that one slow run does not matter', () => {
    const times = Array.from({ length: 20 }, () => 5);
    times[17] = 500;
    expect(isSettled(times, 0.02)).toBe(true);
  });

  it('needs two windows of five', () => {
    expect(isSettled([1, 1, 1, 1, 1, 1, 1, 1, 1], 0.02)).toBe(false);
  });
});
