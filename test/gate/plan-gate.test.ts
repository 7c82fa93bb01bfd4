import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pairsNeeded } from '../../src/gate/judge/pairs-needed.ts';
import { armOrder, scenarioOrder } from '../../src/gate/pair-order.ts';
import { affordablePairs, planLooks } from '../../src/gate/plan-gate.ts';

describe('pairs without which nothing is significant', () => {
  it.each([
    [1, 0.05, 1, 5],
    [1, 0.01, 1, 7],
    [3, 0.01, 1, 9],
    [1, 0.01, 3, 9],
    [4, 0.01, 3, 11],
    // 1/128 is not below itself.
    [1, 1 / 128, 1, 8],
  ])('%d tests, alpha %d, %d looks: %d', (cells, alpha, looks, pairs) => {
    expect(pairsNeeded({ cells, alpha, looks })).toBe(pairs);
  });
});

describe('looks', () => {
  it('are as many as leave each of them enough pairs', () => {
    expect(planLooks(20, { cells: 1, alpha: 0.01 })).toEqual({ pairs: 20, looks: [9, 14, 20] });
    expect(planLooks(12, { cells: 1, alpha: 0.01 })).toEqual({ pairs: 12, looks: [8, 12] });
    expect(planLooks(9, { cells: 1, alpha: 0.01 })).toEqual({ pairs: 9, looks: [9] });
    expect(planLooks(3, { cells: 1, alpha: 0.01 })).toEqual({ pairs: 3, looks: [3] });
  });

  it('rise to the last pair, each of them able to find something where all pairs are', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 30 }), (pairs, cells) => {
        const { looks } = planLooks(pairs, { cells, alpha: 0.01 });
        expect(looks.at(-1)).toBe(pairs);
        expect(looks).toEqual([...new Set(looks)].toSorted((a, b) => a - b));
        const least = pairsNeeded({ cells, alpha: 0.01, looks: looks.length });
        expect(looks.length === 1 || (looks[0] ?? 0) >= least).toBe(true);
      }),
    );
  });
});

describe('pairs that fit the budget', () => {
  it('are the pilot at least, and the most that is allowed', () => {
    const budget = { leftMs: 10_000, roundMs: 1000, pilot: 5, maxPairs: 100 };
    expect(affordablePairs(budget)).toBe(15);
    expect(affordablePairs({ ...budget, leftMs: -1 })).toBe(5);
    expect(affordablePairs({ ...budget, maxPairs: 8 })).toBe(8);
    expect(affordablePairs({ ...budget, roundMs: 0 })).toBe(100);
  });
});

describe('the order of a pair', () => {
  const place = { seed: 3, batch: 'main' } as const;

  it('is turned round in the next pair, and drawn by the seed', () => {
    const orders = Array.from({ length: 40 }, (_, pair) => armOrder('a', { ...place, pair })[0]);
    for (let pair = 0; pair < orders.length; pair += 2) expect(orders[pair + 1]).not.toBe(orders[pair]);
    expect(orders.filter((_, pair) => pair % 2 === 0).filter((arm) => arm === 'head').length).toBeGreaterThan(4);
    expect(Array.from({ length: 40 }, (_, pair) => armOrder('a', { ...place, pair })[0])).toEqual(orders);
    expect(Array.from({ length: 40 }, (_, pair) => armOrder('a', { ...place, seed: 4, pair })[0])).not.toEqual(orders);
  });

  it('holds for scenarios too', () => {
    const names = ['a', 'b', 'c', 'd'];
    const first = scenarioOrder(names, { ...place, pair: 0 });
    expect(scenarioOrder(names, { ...place, pair: 1 })).toEqual(first.toReversed());
    expect(first.toSorted()).toEqual(names);
  });
});
