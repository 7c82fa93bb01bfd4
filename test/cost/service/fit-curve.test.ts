import { describe, expect, it } from 'vitest';
import { fitCurve } from '../../../src/cost/service/fit-curve.ts';
import { itemsPerSecondAt, overDraws } from '../../../src/cost/service/times-at.ts';
import { createRandom } from '../../../src/stats/seeded-random.ts';
import { pointOf, sweepOf } from './sketch-sweep.ts';
import { roundOf } from '../../bench/sketch-point.ts';

const random = () => createRandom(0, 'curve');
const exact = (ms: number): number[] => [ms, ms, ms];

describe('a service curve', () => {
  it('is the line of the reference, and gives its throughput and cost', () => {
    const curve = fitCurve(sweepOf({ 1: exact(4.75), 2: exact(6), 4: exact(8.5), 8: exact(13.5) }), random());
    expect(curve.kind).toBe('linear');
    expect(curve.tau0Ms).toBeCloseTo(3.5, 10);
    expect(curve.alphaMs).toBeCloseTo(1.25, 10);
    expect(curve.largestResidual).toBeLessThan(1e-12);
    const usdPerMillion = (batch: number): number =>
      (0.357 / 3600 / (itemsPerSecondAt(curve, batch).value * 0.6)) * 1e6;
    expect(itemsPerSecondAt(curve, 8).value).toBeCloseTo(592.593, 3);
    expect(usdPerMillion(8)).toBeCloseTo(0.27891, 5);
    expect(usdPerMillion(1)).toBeCloseTo(0.78507, 5);
    expect(curve).toMatchObject({ smallestBatch: 1, largestBatch: 8 });
  });

  it('goes through the points where a line misses one of them by more than 5 %', () => {
    const curve = fitCurve(sweepOf({ 1: exact(5), 2: exact(5.2), 4: exact(5.5), 8: exact(12) }), random());
    expect(curve.kind).toBe('piecewise');
    expect(curve.largestResidual).toBeGreaterThan(0.05);
    expect(curve.points.map(({ fittedMs }) => fittedMs)).toEqual([1, 2, 4, 8].map((batch) => curve.msAt(batch)));
    expect(curve.msAt(8)).toBeCloseTo(12, 10);
    for (const draw of curve.draws) expect(draw.msAt(4)).toBeCloseTo(5.5, 10);
  });

  it('holds line and points in its interval where they differ within 5 %', () => {
    const curve = fitCurve(sweepOf({ 1: exact(4.9), 2: exact(6), 4: exact(8.3), 8: exact(13.5) }), random());
    expect(curve.kind).toBe('linear');
    const { low, high } = overDraws(curve, (times) => times.msAt(1));
    expect(low).toBeCloseTo(Math.min(4.9, curve.msAt(1)), 10);
    expect(high).toBeCloseTo(Math.max(4.9, curve.msAt(1)), 10);
    expect(high).toBeGreaterThan(low ?? Number.NaN);
  });

  it('is the geometric mean of rounds, with Student’s interval', () => {
    const [point] = fitCurve(sweepOf({ 1: [4, 5, 6], 2: [5, 6, 7] }), random()).points;
    expect(point?.measuredMs.value).toBeCloseTo(120 ** (1 / 3), 12);
    expect(point?.rounds).toBe(3);
    // t of two degrees of freedom at 97.5 %, 4.3027.
    const logs = [4, 5, 6].map(Math.log);
    const mean = Math.log(120) / 3;
    const error = Math.sqrt(logs.reduce((sum, log) => sum + (log - mean) ** 2, 0) / 6);
    expect(point?.measuredMs.high).toBeCloseTo(Math.exp(mean + 4.302652729911275 * error), 6);
  });

  it('has no draws where one round alone was measured', () => {
    const curve = fitCurve(sweepOf({ 1: [4], 2: [6] }), random());
    expect(curve.draws).toEqual([]);
    expect(overDraws(curve, (times) => times.msAt(1))).toEqual({ value: curve.msAt(1), low: null, high: null });
  });

  it('takes a point of one round to be as uncertain as a single round of another', () => {
    const widthAt = (batch: number, medians: Parameters<typeof sweepOf>[0]): number => {
      const { low, high } = overDraws(fitCurve(sweepOf(medians), random()), (times) => times.msAt(batch));
      return Math.log((high ?? 0) / (low ?? 0));
    };
    const rounds = [4, 4.1, 4.2, 4.3];
    expect(widthAt(8, { 1: rounds, 8: [20] })).toBeCloseTo(2 * widthAt(1, { 1: rounds, 8: [20] }), 1);
    expect(widthAt(8, { 1: rounds, 8: [20] })).toBeGreaterThan(0);
  });

  it('stays finite where two rounds are far apart', () => {
    const curve = fitCurve(sweepOf({ 1: [1, 50], 2: [90, 3], 4: [7, 8] }), random());
    for (const draw of curve.draws) for (const batch of [1, 2, 3, 4]) expect(draw.msAt(batch)).toBeGreaterThan(0);
    const { low, high } = overDraws(curve, (times) => times.msAt(4));
    expect(Number.isFinite(low) && Number.isFinite(high)).toBe(true);
  });

  it('is a constant up to the batch that a model has fixed', () => {
    const fixed = fitCurve(sweepOf({ 8: [13, 14, 13.5] }), random());
    expect(fixed.msAt(1)).toBe(fixed.msAt(8));
    expect(fixed).toMatchObject({ kind: 'linear', alphaMs: 0, largestBatch: 8, largestResidual: 0 });
    const alone = fitCurve(sweepOf({ 1: [4, 5, 4.5] }), random());
    expect(alone.tau0Ms).toBe(0);
    expect(alone.msAt(1)).toBeCloseTo(90 ** (1 / 3), 12);
  });

  it('is the same for the same seed', () => {
    const sweep = sweepOf({ 1: [4, 5, 6], 2: [5, 6, 7] });
    const at = (): number[] => fitCurve(sweep, random()).draws.map((draw) => draw.msAt(2));
    expect(at()).toEqual(at());
  });

  it('counts what runs vary by over the median of their block, points and blocks alike', () => {
    const spread = pointOf(1, [1], { rounds: [roundOf([1, 2, 3]), roundOf([10, 20, 30], { round: 1 })] });
    const steady = pointOf(2, [1], { rounds: [roundOf([7, 7, 7, 7, 7, 7])] });
    const { ratios } = fitCurve({ ...sweepOf({}), points: [spread, steady] }, random());
    expect(ratios).toHaveLength(12);
    // A sixth of the weight below, a sixth above.
    expect([...ratios]).toEqual([0.5, 0.5, 1, 1, 1, 1, 1, 1, 1, 1, 1.5, 1.5]);
  });
});
