import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { roundSchema } from '../../src/result/block-schemas.ts';
import { commonWindow } from '../../src/bench/common-window.ts';
import { summarizePoint } from '../../src/bench/summarize-point.ts';
import { thinOut } from '../../src/bench/thin-out.ts';
import { roundOf, roundsOf } from './sketch-point.ts';

/** Quantile 0.975 of Student's t with 2 degrees of freedom, from the tables. */
const t2 = 4.302653;

const anyRound = fc
  .array(fc.double({ min: 0.01, max: 100, noNaN: true }), { minLength: 1, maxLength: 60 })
  .map((latencyMs) => roundOf(latencyMs));

describe('summarizePoint', () => {
  it('gives the geometric mean of the blocks and Student’s interval on the log', () => {
    // Medians 1, 2, 4: on the log2 scale 0, 1, 2, so the mean is 1, the deviation 1 and its error 1/√3.
    const { latencyMs, precision } = summarizePoint(roundsOf([1, 2, 4]), 1);
    const factor = 2 ** (t2 / Math.sqrt(3));
    expect(latencyMs?.p50.value).toBeCloseTo(2, 12);
    expect(latencyMs?.p50.low).toBeCloseTo(2 / factor, 5);
    expect(latencyMs?.p50.high).toBeCloseTo(2 * factor, 4);
    expect(precision).toBeCloseTo(factor - 1, 4);
  });

  it('takes the median, not the mean, of a block, and the mean of all its runs', () => {
    const rounds = [1, 2, 4].map((ms) => roundOf([ms, ms, 10 * ms]));
    const { latencyMs } = summarizePoint(rounds, 1);
    expect(latencyMs?.p50.value).toBeCloseTo(2, 12);
    expect(latencyMs?.mean.value).toBeCloseTo(8, 12);
    expect([latencyMs?.min, latencyMs?.max, latencyMs?.samples]).toEqual([1, 40, 9]);
    // The extremes of all runs, those among them that were not kept.
    const thinned = rounds.map((round) => ({ ...round, minMs: round.minMs / 2, maxMs: round.maxMs * 2 }));
    expect(summarizePoint(thinned, 1).latencyMs).toMatchObject({ min: 0.5, max: 80 });
  });

  it('counts runs and items over the window', () => {
    const rounds = roundsOf([2, 2, 2], 10);
    const { throughput } = summarizePoint(rounds, 8);
    expect(throughput?.runsPerSecond).toMatchObject({ value: expect.closeTo(500, 9), low: expect.closeTo(500, 9) });
    expect(throughput?.itemsPerSecond).toMatchObject({ value: expect.closeTo(4000, 9), high: expect.closeTo(4000, 9) });
    expect(summarizePoint(rounds, null).throughput?.itemsPerSecond.value).toBeCloseTo(500, 9);
    expect(summarizePoint(rounds, 8, 4).throughput?.itemsPerSecondPerInstance.value).toBeCloseTo(1000, 9);
  });

  it('has no bounds and no precision after one round', () => {
    const { latencyMs, throughput, precision } = summarizePoint(roundsOf([3]), 2);
    expect(latencyMs?.p50).toEqual({ value: 3, low: null, high: null });
    expect(throughput?.itemsPerSecond).toMatchObject({ low: null, high: null });
    expect(precision).toBeNull();
  });

  it.each([
    ['p90', 29],
    ['p95', 59],
    ['p99', 299],
  ] as const)('tells %s from %i runs on', (name, needed) => {
    const pair = (runs: number) => [roundOf(Array(runs - 1).fill(1)), roundOf([1])];
    expect(summarizePoint(pair(needed - 1), 1).latencyMs?.[name]).toBeNull();
    expect(summarizePoint(pair(needed), 1).latencyMs?.[name]?.value).toBeCloseTo(1, 12);
  });

  it('takes tails of all blocks together', () => {
    // 1 to 100 in each of three blocks: type 7 of 300 values, p90 between the 270th (90) and the 271st (91).
    const block = Array.from({ length: 100 }, (_, run) => run + 1);
    const { latencyMs } = summarizePoint(
      [block, block.toReversed(), block].map((one) => roundOf(one)),
      1,
    );
    expect(latencyMs?.p90?.value).toBeGreaterThanOrEqual(90);
    expect(latencyMs?.p90?.value).toBeLessThanOrEqual(91);
    // Within a block p10 = 10.9, p50 = 50.5 and p90 = 90.1.
    expect(latencyMs?.spreadWithin).toBeCloseTo((90.1 - 10.9) / 50.5, 9);
  });

  it('averages what is known of the processor and takes the largest memory', () => {
    const rounds = [
      roundOf([1], { cpuUtilization: 0.25, peakRssBytes: 10 }),
      roundOf([1], { cpuUtilization: null, peakRssBytes: 30 }),
      roundOf([1], { cpuUtilization: 0.75, peakRssBytes: null }),
    ];
    expect(summarizePoint(rounds, 1)).toMatchObject({ cpuUtilization: 0.5, peakRssBytes: 30 });
    const unknown = [roundOf([1], { cpuUtilization: null, peakRssBytes: null })];
    expect(summarizePoint(unknown, 1)).toMatchObject({ cpuUtilization: null, peakRssBytes: null });
  });

  it('obeys Little’s law where every instance runs without a pause', () => {
    const instances = fc.integer({ min: 1, max: 8 });
    fc.assert(
      fc.property(instances, fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 300 }), (k, ms, runs) => {
        const ends = Float64Array.from({ length: runs }, (_, run) => (run + 1) * ms);
        const one = { startsMs: ends.map((end) => end - ms), endsMs: ends, cpuMs: 0, involuntarySwitches: 0 };
        const { windowMs, latencyMs } = commonWindow(Array.from({ length: k }, () => one));
        const round = roundOf([1], { ...thinOut(latencyMs), windowMs });
        const { throughput, latencyMs: latency } = summarizePoint([round, round], 1);
        const inFlight = ((throughput?.runsPerSecond.value ?? 0) * (latency?.mean.value ?? 0)) / 1000;
        expect(inFlight).toBeCloseTo(k, 9);
      }),
    );
  });

  it('gives the same figures from the rounds of a saved result', () => {
    fc.assert(
      fc.property(
        fc.array(anyRound, { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 1, max: 64 }),
        (rounds, batch) => {
          const saved = roundSchema.array().parse(JSON.parse(JSON.stringify(rounds)));
          expect(summarizePoint(saved, batch)).toEqual(summarizePoint(rounds, batch));
        },
      ),
    );
  });
});
