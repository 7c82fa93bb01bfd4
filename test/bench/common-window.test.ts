import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commonWindow } from '../../src/bench/common-window.ts';
import type { Measurement } from '../../src/runtime/runtime.ts';

/** An instance that begins at `from` and runs without a pause. */
function instance(from: number, latencies: readonly number[]): Measurement {
  const ends: number[] = [];
  for (const ms of latencies) ends.push((ends.at(-1) ?? from) + ms);
  return measured([from, ...ends.slice(0, -1)], ends);
}

function measured(starts: readonly number[], ends: readonly number[]): Measurement {
  return { startsMs: Float64Array.from(starts), endsMs: Float64Array.from(ends), cpuMs: 0, involuntarySwitches: 0 };
}

const repeat = (length: number, ms: number) => Array.from({ length }, () => ms);
const firstOf = ({ startsMs }: Measurement) => startsMs[0] ?? Number.NaN;
const lastOf = ({ endsMs }: Measurement) => endsMs.at(-1) ?? Number.NaN;

const anyInstance = fc
  .record({
    from: fc.integer({ min: 0, max: 20 }),
    latencies: fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 5, maxLength: 40 }),
  })
  .map(({ from, latencies }) => instance(from, latencies));
const anyInstances = fc.array(anyInstance, { minLength: 1, maxLength: 5 });

describe('commonWindow', () => {
  it('reaches from the last first start to the first last end, and counts what ends inside', () => {
    fc.assert(
      fc.property(anyInstances, (instances) => {
        const { windowMs, latencyMs } = commonWindow(instances);
        const from = Math.max(...instances.map(firstOf));
        const to = Math.min(...instances.map(lastOf));
        expect(windowMs).toBe(Math.max(0, to - from));
        const ends = instances.flatMap(({ endsMs }) => [...endsMs]).filter((end) => end > from && end <= to);
        expect(latencyMs).toHaveLength(ends.length);
        // Whoever ends first has its last run inside: a window is never without a run.
        expect(latencyMs.length > 0).toBe(to > from);
      }),
    );
  });

  it('takes nothing from an instance that runs on alone, before or after', () => {
    fc.assert(
      fc.property(anyInstances, fc.integer({ min: 1, max: 9 }), (instances, extra) => {
        const latest = Math.max(...instances.map(firstOf));
        const earliest = Math.min(...instances.map(lastOf));
        fc.pre(earliest > latest);
        const longer = instances.map((one) => {
          const isLast = firstOf(one) === latest;
          const isFirst = lastOf(one) === earliest;
          const before = isLast ? [] : repeat(extra, 1).map((_, i) => -100 + i);
          const after = isFirst ? [] : repeat(extra, 1).map((_, i) => 5000 + i);
          return measured(
            [...before.map((end) => end - 1), ...one.startsMs, ...after.map((end) => end - 1)],
            [...before, ...one.endsMs, ...after],
          );
        });
        expect(commonWindow(longer)).toEqual(commonWindow(instances));
      }),
    );
  });

  it('gives service times in the order in which they ended', () => {
    const { latencyMs } = commonWindow([instance(0, [4, 4, 4]), instance(1, [2, 6, 5])]);
    // Ends: 4, 8, 12 and 3, 9, 14; the window is 1 to 12.
    expect(latencyMs).toEqual([2, 4, 4, 6, 4]);
  });

  it('adds the rates of instances that run side by side, to one run an instance', () => {
    const ms = fc.integer({ min: 1, max: 20 });
    fc.assert(
      fc.property(ms, ms, fc.integer({ min: 0, max: 19 }), (first, second, lag) => {
        const both = [instance(0, repeat(200, first)), instance(lag, repeat(200, second))];
        const { windowMs, latencyMs } = commonWindow(both);
        expect(Math.abs(latencyMs.length - (windowMs / first + windowMs / second))).toBeLessThanOrEqual(2);
      }),
    );
  });

  it('is not fooled by runs without company, as the sum of separate rates is', () => {
    // Alone a run takes 1 ms, together 2: each instance is alone for 90 ms, and both run from 90 to 100.
    const first = instance(0, [...repeat(90, 1), ...repeat(5, 2)]);
    const second = instance(90, [...repeat(5, 2), ...repeat(90, 1)]);
    const { windowMs, latencyMs } = commonWindow([first, second]);
    expect(latencyMs.length / windowMs).toBe(1);
    const naive = [first, second].map((one) => one.endsMs.length / (lastOf(one) - firstOf(one)));
    expect((naive[0] ?? 0) + (naive[1] ?? 0)).toBeCloseTo(1.9, 12);
  });

  it('is empty where the instances never met', () => {
    expect(commonWindow([instance(0, [5, 5]), instance(10, [5, 5])])).toEqual({ windowMs: 0, latencyMs: [] });
    expect(commonWindow([instance(0, [5, 5]), instance(50, [5])])).toEqual({ windowMs: 0, latencyMs: [] });
  });
});
