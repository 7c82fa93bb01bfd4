import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { measureLoop } from '../../src/runtime/measure-loop.ts';

/** A session whose runs take what the list says, on a clock that only runs and readings move. */
function scriptedSession(durationsMs: readonly number[]) {
  let clockMs = 0;
  const fed: string[] = [];
  return {
    fed,
    now: () => clockMs,
    run: (feeds: string) => {
      clockMs += durationsMs[fed.length % durationsMs.length] ?? 0;
      fed.push(feeds);
      return Promise.resolve();
    },
  };
}

describe('measureLoop', () => {
  it('records the start and end of every run and cycles the inputs', async () => {
    const session = scriptedSession([1, 2, 4]);
    const recorder = await measureLoop({
      session,
      pool: ['a', 'b'],
      rule: { minRuns: 5, minMs: 0, maxMs: 1e9, floorRuns: 1 },
      now: session.now,
    });
    const { startsMs, endsMs } = recorder.finish(100);
    expect([...startsMs]).toEqual([100, 101, 103, 107, 108]);
    expect([...endsMs]).toEqual([101, 103, 107, 108, 110]);
    expect(session.fed).toEqual(['a', 'b', 'a', 'b', 'a']);
  });

  it('keeps every time across chunk boundaries', async () => {
    const session = scriptedSession([0.25]);
    const runs = 100_001;
    const recorder = await measureLoop({
      session,
      pool: ['x'],
      rule: { minRuns: runs, minMs: 0, maxMs: 1e9, floorRuns: 1 },
      now: session.now,
    });
    const { startsMs, endsMs } = recorder.finish(0);
    expect(startsMs).toHaveLength(runs);
    expect(startsMs.every((start, run) => start === run * 0.25 && endsMs[run] === start + 0.25)).toBe(true);
  });

  it('stops by the rule, for any durations', async () => {
    const rules = fc.record({
      minRuns: fc.integer({ min: 1, max: 50 }),
      minMs: fc.integer({ min: 0, max: 200 }),
      maxMs: fc.integer({ min: 1, max: 400 }),
      floorRuns: fc.integer({ min: 1, max: 10 }),
    });
    const durations = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(rules, durations, async (rule, durationsMs) => {
        const session = scriptedSession(durationsMs);
        const { endsMs } = (await measureLoop({ session, pool: ['x'], rule, now: session.now })).finish(0);
        const done = (runs: number) => {
          const elapsedMs = endsMs[runs - 1] ?? 0;
          return (
            (runs >= rule.minRuns && elapsedMs >= rule.minMs) || (runs >= rule.floorRuns && elapsedMs >= rule.maxMs)
          );
        };
        expect(done(endsMs.length)).toBe(true);
        expect(endsMs.length > 1 && done(endsMs.length - 1)).toBe(false);
      }),
    );
  });

  it('refuses an empty pool', async () => {
    const session = scriptedSession([1]);
    const rule = { minRuns: 1, minMs: 0, maxMs: 1, floorRuns: 1 };
    await expect(measureLoop({ session, pool: [], rule, now: session.now })).rejects.toThrow(/pool is empty/);
  });
});
