import { describe, expect, it } from 'vitest';
import { traceGap, unitArrivals } from '../../src/stats/arrivals.ts';

function gapsOf(times: Float64Array): number[] {
  return [...times].map((time, i) => time - (times[i - 1] ?? 0));
}

function variationOf(gaps: readonly number[]): number {
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
  return Math.sqrt(gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length) / mean;
}

describe('unitArrivals', () => {
  it('has exponential gaps of mean 1 for Poisson', () => {
    const gaps = gapsOf(unitArrivals({ kind: 'poisson' }, 50_000, 3)).toSorted((a, b) => a - b);
    let distance = 0;
    for (const [i, gap] of gaps.entries()) distance = Math.max(distance, Math.abs(-Math.expm1(-gap) - i / 50_000));
    // Kolmogorov: exceeded by chance once in a thousand.
    expect(distance).toBeLessThan(1.95 / Math.sqrt(50_000));
  });

  it.each([0.2, 0.5, 1, 2, 4])('has gaps that vary by %s where that is asked for', (variation) => {
    const gaps = gapsOf(unitArrivals({ kind: 'gamma', variation }, 100_000, 3));
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
    expect(Math.abs(mean - 1)).toBeLessThan((4 * variation) / Math.sqrt(gaps.length));
    expect(Math.abs(variationOf(gaps) / variation - 1)).toBeLessThan(0.05);
  });

  it('comes in bursts as a code assistant does', () => {
    const times = unitArrivals({ kind: 'gamma', variation: 13.2 }, 200_000, 3);
    // The index of dispersion of a renewal process is its squared variation, seen over long times.
    const window = 2000;
    const counts = new Float64Array(Math.floor((times.at(-1) ?? 0) / window));
    for (const time of times) {
      const bin = Math.floor(time / window);
      if (bin < counts.length) counts[bin] = (counts[bin] ?? 0) + 1;
    }
    const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
    const variance = counts.reduce((sum, count) => sum + (count - mean) ** 2, 0) / counts.length;
    expect(variance / mean).toBeGreaterThan(80);
    expect(variance / mean).toBeLessThan(300);
  });

  it('is even without any variation', () => {
    expect([...unitArrivals({ kind: 'gamma', variation: 0 }, 4, 0)]).toEqual([1, 2, 3, 4]);
  });

  it('plays a trace again and again, a mean gap after its end', () => {
    const timesMs = Float64Array.of(0, 5, 5, 20);
    expect(traceGap(timesMs)).toBeCloseTo(20 / 3, 12);
    const times = unitArrivals({ kind: 'trace', timesMs, path: 'trace.csv' }, 9, 0);
    expect([...times].map((time) => time * traceGap(timesMs))).toEqual(
      [0, 5, 5, 20, 80 / 3, 95 / 3, 95 / 3, 140 / 3, 160 / 3].map((time) => expect.closeTo(time, 9)),
    );
  });

  it('is the same for a seed and another for another', () => {
    const arrivals = (seed: number): Float64Array => unitArrivals({ kind: 'poisson' }, 50, seed);
    expect(arrivals(1)).toEqual(arrivals(1));
    expect(arrivals(2)).not.toEqual(arrivals(1));
  });
});
