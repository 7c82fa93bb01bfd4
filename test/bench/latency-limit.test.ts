import { describe, expect, it } from 'vitest';
import { bestPoints } from '../../src/bench/best-points.ts';
import type { Point } from '../../src/bench/bench-result.ts';
import { keepsLimit } from '../../src/bench/latency-limit.ts';
import { pointOf, roundsOf } from './sketch-point.ts';

const limit = { percentile: 'p99', limitMs: 20 } as const;
const base = pointOf(roundsOf([2, 2, 2], 300));

function point(p99: { value: number; high: number | null } | null, itemsPerSecond: number, rest: Partial<Point> = {}) {
  const { latencyMs, throughput } = base;
  if (latencyMs === null || throughput === null) throw new Error('the sketch was not measured');
  return {
    ...base,
    latencyMs: { ...latencyMs, p99: p99 === null ? null : { value: p99.value, low: null, high: p99.high } },
    throughput: { ...throughput, itemsPerSecond: { value: itemsPerSecond, low: null, high: null } },
    ...rest,
  };
}

describe('keepsLimit', () => {
  it('holds the upper end of the interval against the limit', () => {
    expect(keepsLimit(point({ value: 18, high: 20 }, 1), limit)).toBe(true);
    expect(keepsLimit(point({ value: 18, high: 20.01 }, 1), limit)).toBe(false);
    // One round has no interval.
    expect(keepsLimit(point({ value: 20, high: null }, 1), limit)).toBe(true);
  });

  it('knows nothing of a percentile that was not told', () => {
    expect(keepsLimit(point(null, 1), limit)).toBeNull();
    expect(keepsLimit({ latencyMs: null }, limit)).toBeNull();
  });
});

describe('bestPoints within a limit', () => {
  it('takes the most throughput of what keeps it', () => {
    const points = [
      point({ value: 30, high: 31 }, 900),
      point({ value: 15, high: 16 }, 500),
      point({ value: 5, high: 6 }, 100),
    ];
    expect(bestPoints(points, limit)).toMatchObject({ throughput: 0, withinLimit: 1 });
  });

  it('takes none that is wrong, failed, too late or untold', () => {
    const early = { value: 5, high: 6 };
    const points = [
      point(early, 900, { outputsMatchCpu: false }),
      point(early, 900, { outputsMatchExpected: false }),
      point(early, 900, { status: 'failed' }),
      point({ value: 19, high: 21 }, 900),
      point(null, 900),
    ];
    expect(bestPoints(points, limit).withinLimit).toBeNull();
  });

  it('says nothing of a limit that nobody set', () => {
    expect('withinLimit' in bestPoints([point({ value: 5, high: 6 }, 1)])).toBe(false);
  });
});
