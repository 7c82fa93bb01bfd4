import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bestPoints } from '../../src/bench/best-points.ts';
import { compareModels } from '../../src/bench/compare-models.ts';
import type { Point } from '../../src/bench/bench-result.ts';
import { pointOf, roundsOf } from './sketch-point.ts';

const drifts = fc.array(fc.double({ min: 0.3, max: 3, noNaN: true }), { minLength: 2, maxLength: 12 });

describe('compareModels', () => {
  it('cancels what disturbs both models in a round', () => {
    fc.assert(
      fc.property(drifts, fc.double({ min: 0.2, max: 5, noNaN: true }), (drift, ratio) => {
        const slow = pointOf(roundsOf(drift.map((factor) => factor * ratio)));
        const fast = pointOf(roundsOf(drift), { modelIndex: 1 });
        const [comparison] = compareModels([slow, fast]);
        expect(comparison).toMatchObject({ point: 1, against: 0, pairs: drift.length });
        const { value = 0, low, high } = comparison?.speedup ?? {};
        for (const figure of [value, low, high]) expect((figure ?? 0) / ratio).toBeCloseTo(1, 9);
      }),
    );
  });

  it('pairs by the number of the round, whichever rounds are missing', () => {
    const [r0, r1, r2] = roundsOf([4, 8, 600]);
    const [s0, s1] = roundsOf([2, 4]).map((round) => ({ ...round, round: round.round + 1 }));
    if (!r0 || !r1 || !r2 || !s0 || !s1) throw new Error('rounds are missing');
    // Rounds 1 and 2 are in both: 8 / 2 = 4 and 600 / 4 = 150.
    const [comparison] = compareModels([pointOf([r2, r0, r1]), pointOf([s0, s1], { modelIndex: 1 })]);
    expect(comparison?.pairs).toBe(2);
    expect(comparison?.speedup.value).toBeCloseTo(Math.sqrt(600), 9);
  });

  it.each<[string, Partial<Point>]>([
    ['provider', { ep: 'cuda' }],
    ['batch', { batch: 8 }],
    ['threads', { threads: 7 }],
    ['instances', { instances: 7 }],
    ['dimension', { requestedDims: { seq: 7 } }],
  ])('pairs nothing that differs in %s', (_, rest) => {
    const base = pointOf(roundsOf([1, 1]));
    expect(compareModels([base, pointOf(roundsOf([1, 1]), { modelIndex: 1, ...rest })])).toEqual([]);
  });

  it('pairs dimensions that one model had guessed otherwise, and nothing without a common round', () => {
    const base = pointOf(roundsOf([1, 1]), { dims: { seq: 128 } });
    const other = pointOf(roundsOf([1, 1]), { modelIndex: 1, dims: { length: 128 } });
    expect(compareModels([base, other])).toHaveLength(1);
    expect(compareModels([{ ...base, rounds: [] }, other])).toEqual([]);
    expect(compareModels([other])).toEqual([]);
  });

  it('pairs a model without a batch axis with one at batch 1', () => {
    const base = pointOf(roundsOf([1, 1]), { batch: null });
    expect(compareModels([base, pointOf(roundsOf([1, 1]), { modelIndex: 1, batch: 1 })])).toHaveLength(1);
    expect(compareModels([base, pointOf(roundsOf([1, 1]), { modelIndex: 1, batch: 2 })])).toEqual([]);
  });

  it('holds every later model against the first', () => {
    const points = [0, 1, 2].map((modelIndex) =>
      pointOf(roundsOf([8 / 2 ** modelIndex, 8 / 2 ** modelIndex]), { modelIndex }),
    );
    expect(compareModels(points).map(({ point, against, speedup }) => [point, against, speedup.value])).toEqual([
      [1, 0, expect.closeTo(2, 12)],
      [2, 0, expect.closeTo(4, 12)],
    ]);
  });
});

/** A point that takes `ms` a run of `batch` items. */
function batchPoint(batch: number, itemsPerSecond: number, rest: Partial<Point> = {}): Point {
  const ms = (1000 * batch) / itemsPerSecond;
  return pointOf(roundsOf([ms, ms]), { batch, ...rest });
}

describe('bestPoints', () => {
  it('finds the lowest latency and the highest throughput among what was measured', () => {
    const points = [
      batchPoint(4, 1500),
      batchPoint(1, 1000),
      batchPoint(8, 1800),
      batchPoint(1, 9999, { status: 'failed', batch: 64 }),
    ];
    expect(bestPoints(points)).toMatchObject({ latency: 1, throughput: 2 });
    expect(bestPoints([])).toEqual({ latency: null, throughput: null, knees: [] });
  });

  it('sees the knee where a doubling gains less than 5 %', () => {
    const curve = (rates: readonly number[]) => rates.map((rate, at) => batchPoint(2 ** at, rate));
    expect(bestPoints(curve([100, 190, 300, 314, 330])).knees).toEqual([2]);
    expect(bestPoints(curve([100, 190, 300, 316])).knees).toEqual([]);
    expect(bestPoints(curve([100, 90, 80])).knees).toEqual([0]);
    expect(bestPoints(curve([100])).knees).toEqual([]);
  });

  it('spreads the gain over the doublings between any two batches', () => {
    // 1 to 8 are three doublings: 1.05³ = 1.157625. 8 to 12 is 0.585 of one: 1.05^0.585 = 1.0289.
    expect(bestPoints([batchPoint(1, 100), batchPoint(8, 115.7)]).knees).toEqual([0]);
    expect(bestPoints([batchPoint(1, 100), batchPoint(8, 115.8)]).knees).toEqual([]);
    expect(bestPoints([batchPoint(8, 100), batchPoint(12, 102.8)]).knees).toEqual([0]);
    expect(bestPoints([batchPoint(8, 100), batchPoint(12, 103)]).knees).toEqual([]);
  });

  it('follows each curve by itself, in any order', () => {
    const points = [
      batchPoint(2, 101),
      batchPoint(1, 100),
      batchPoint(1, 100, { threads: 9 }),
      batchPoint(4, 101.5),
      batchPoint(2, 180, { threads: 9 }),
      batchPoint(4, 181, { threads: 9 }),
    ];
    expect(bestPoints(points).knees).toEqual([1, 4]);
  });
});
