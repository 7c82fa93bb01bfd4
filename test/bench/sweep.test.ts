import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { roundOrder } from '../../src/bench/round-order.ts';
import type { SweepAxes } from '../../src/bench/sweep.ts';
import { caseKey, conditionKey, expandSweep } from '../../src/bench/sweep.ts';

const axes: SweepAxes = {
  models: 2,
  providers: ['cpu', 'cuda'],
  threads: [1, 2],
  instances: [1],
  dims: { seq: [32, 64], past: [0] },
  batches: [1, 8],
};

const values = fc.uniqueArray(fc.integer({ min: 1, max: 64 }), { minLength: 1, maxLength: 3 });
const anyAxes: fc.Arbitrary<SweepAxes> = fc.record({
  models: fc.integer({ min: 1, max: 3 }),
  providers: fc.constantFrom<SweepAxes['providers']>(['cpu'], ['cpu', 'webgpu'], ['cuda', 'cpu', 'webgpu']),
  threads: values,
  instances: values,
  dims: fc.dictionary(fc.constantFrom('seq', 'height', 'past'), values),
  batches: fc.oneof(fc.constant([]), values),
});

describe('expandSweep', () => {
  it('varies the last axis fastest', () => {
    const points = expandSweep(axes);
    expect(points).toHaveLength(2 * 2 * 2 * 1 * 2 * 2);
    expect(points.slice(0, 5).map(({ threads, dims, batch }) => [threads, dims['seq'], dims['past'], batch])).toEqual([
      [1, 32, 0, 1],
      [1, 32, 0, 8],
      [1, 64, 0, 1],
      [1, 64, 0, 8],
      [2, 32, 0, 1],
    ]);
    expect(points.map(({ modelIndex }) => modelIndex)).toEqual([...Array(16).fill(0), ...Array(16).fill(1)]);
    expect(points.map(({ ep }) => ep).slice(0, 16)).toEqual([...Array(8).fill('cpu'), ...Array(8).fill('cuda')]);
  });

  it('leaves the batch open without batches', () => {
    expect(expandSweep({ ...axes, models: 1, batches: [] }).every(({ batch }) => batch === null)).toBe(true);
  });

  it('holds every combination exactly once', () => {
    fc.assert(
      fc.property(anyAxes, (sweep) => {
        const points = expandSweep(sweep);
        const sizes = [sweep.providers, sweep.threads, sweep.instances, ...Object.values(sweep.dims)];
        const product = sizes.reduce((total, { length }) => total * length, sweep.models);
        expect(points).toHaveLength(product * Math.max(1, sweep.batches.length));
        const keys = points.map((point) => `${point.modelIndex} ${conditionKey(point)}`);
        expect(new Set(keys).size).toBe(points.length);
      }),
    );
  });
});

describe('keys', () => {
  const point = { modelIndex: 0, ep: 'cpu', threads: 1, instances: 1, dims: { a: 1, b: 2 }, batch: 4 } as const;

  it('names a condition whatever the model and the order of dimensions', () => {
    const other = { ...point, modelIndex: 1, dims: { b: 2, a: 1 } };
    expect(conditionKey(other)).toBe(conditionKey(point));
    expect(caseKey(other)).not.toBe(caseKey(point));
    expect(caseKey({ ...other, modelIndex: 0 })).toBe(caseKey(point));
  });

  it('tells every other difference', () => {
    const others = [
      { ...point, ep: 'cuda' },
      { ...point, threads: 2 },
      { ...point, instances: 2 },
      { ...point, dims: { a: 2, b: 1 } },
      { ...point, batch: null },
    ];
    expect(new Set([point, ...others].map(conditionKey)).size).toBe(6);
  });

  it('names a case whatever runs it', () => {
    expect(caseKey({ ...point })).toBe(caseKey({ modelIndex: 0, dims: { b: 2, a: 1 }, batch: 4 }));
  });
});

describe('roundOrder', () => {
  const items = fc.uniqueArray(fc.integer(), { minLength: 1, maxLength: 30 });
  const seeds = fc.record({ seed: fc.nat(), pair: fc.nat(20) });

  it('is a permutation that the next round reverses, so that every mean position is the middle', () => {
    fc.assert(
      fc.property(items, seeds, (list, { seed, pair }) => {
        const even = roundOrder(list, { seed, round: 2 * pair });
        const odd = roundOrder(list, { seed, round: 2 * pair + 1 });
        expect(even.toSorted()).toEqual(list.toSorted());
        // A drift that is linear in the position costs every item the same over the two rounds.
        for (const item of list) expect(even.indexOf(item) + odd.indexOf(item)).toBe(list.length - 1);
      }),
    );
  });

  it('follows the seed and changes from one pair of rounds to the next', () => {
    const list = Array.from({ length: 40 }, (_, index) => index);
    const order = (seed: number, round: number) => roundOrder(list, { seed, round });
    expect(order(7, 4)).toEqual(order(7, 4));
    expect(order(7, 4)).not.toEqual(order(8, 4));
    expect(order(7, 4)).not.toEqual(order(7, 2));
    expect(order(7, 0)).not.toEqual(list);
  });
});
