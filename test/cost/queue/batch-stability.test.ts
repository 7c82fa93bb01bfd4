import { describe, expect, it } from 'vitest';
import { capacityPerMs, isStable, loadFactor, meanRatio } from '../../../src/cost/queue/batch-stability.ts';

const service = { msAt: (batch: number) => 3.5 + 1.25 * batch };

describe('capacity of servers with dynamic batching', () => {
  it('is that of full batches', () => {
    expect(capacityPerMs({ service, ratios: null, maxBatch: 8, replicas: 1 }) * 1000).toBeCloseTo(592.593, 3);
    expect(capacityPerMs({ service, ratios: null, maxBatch: 1, replicas: 3 }) * 1000).toBeCloseTo(3 * 210.526, 2);
  });

  it('falls by the mean of what service times are multiplied by', () => {
    const ratios = Float64Array.of(1, 1, 4);
    expect(meanRatio(ratios)).toBe(2);
    expect([meanRatio(null), meanRatio(new Float64Array(0))]).toEqual([1, 1]);
    const server = { service, ratios, maxBatch: 8, replicas: 1 };
    expect(capacityPerMs(server)).toBeCloseTo(0.592593 / 2, 6);
    expect(loadFactor(server, 0.592592592 / 4)).toBeCloseTo(0.5, 8);
    expect([isStable(server, 0.29), isStable(server, 0.3)]).toEqual([true, false]);
  });
});
