import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BudgetSettings, PointCost } from '../../src/bench/block-budget.ts';
import { blockRule, expectedBlockMs, planBlocks } from '../../src/bench/block-budget.ts';

const settings: BudgetSettings = {
  budgetMs: 60_000,
  isHard: false,
  minRuns: 30,
  minMs: 500,
  warmUpMs: 200,
  rounds: 3,
};

const anyCosts = fc.array(
  fc.record({
    overheadMs: fc.double({ min: 1, max: 3000, noNaN: true }),
    runMs: fc.double({ min: 0.01, max: 800, noNaN: true }),
  }),
  { minLength: 1, maxLength: 12 },
);
const anySettings = fc.record({
  budgetMs: fc.integer({ min: 1, max: 200_000 }),
  isHard: fc.boolean(),
  minRuns: fc.integer({ min: 1, max: 200 }),
  minMs: fc.integer({ min: 0, max: 3000 }),
  warmUpMs: fc.integer({ min: 0, max: 1000 }),
  rounds: fc.integer({ min: 1, max: 10 }),
});

/** The estimate worked out anew: rounds × points × (overhead + warm-up of 1.5 × its least + the runs or the time). */
function estimate(
  plan: { rounds: number; runs: number; minMs: number; warmUpMs: number },
  costs: readonly PointCost[],
) {
  const blocks = costs.map(
    ({ overheadMs, runMs }) =>
      overheadMs + Math.max(1.5 * plan.warmUpMs, 3 * runMs) + Math.max(plan.minMs, plan.runs * runMs),
  );
  return plan.rounds * blocks.reduce((total, ms) => total + ms, 0);
}

describe('planBlocks', () => {
  it('gives everything that was asked for where it fits', () => {
    // 100 + 300 + max(500, 30 × 10) = 900 ms a block, three times.
    const plan = planBlocks([{ overheadMs: 100, runMs: 10 }], settings);
    expect(plan).toMatchObject({ effort: 1, rounds: 3, runs: 30, minMs: 500, warmUpMs: 200, estimatedMs: 2700 });
    expect(planBlocks([], settings)).toMatchObject({ effort: 1, estimatedMs: 0 });
  });

  it('shrinks runs, times and warm-up together as little as it must', () => {
    const costs = [{ overheadMs: 100, runMs: 10 }];
    expect(planBlocks(costs, { ...settings, budgetMs: 2699 })).toMatchObject({
      effort: 0.8,
      runs: 24,
      minMs: 400,
      warmUpMs: 160,
      estimatedMs: 3 * (100 + 240 + 400),
    });
  });

  it('stretches the default budget rather than measure less than three rounds of ten runs', () => {
    const plan = planBlocks([{ overheadMs: 1000, runMs: 500 }], { ...settings, budgetMs: 1000 });
    expect(plan).toMatchObject({ rounds: 3, runs: 10, minMs: 167 });
    expect(plan.estimatedMs).toBe(3 * (1000 + 1500 + 5000));
  });

  it('keeps a budget that was given: five runs, then fewer rounds', () => {
    const costs = [{ overheadMs: 100, runMs: 100 }];
    const hard = { ...settings, isHard: true };
    // 100 + 300 + 500 = 900 ms a block at the floor.
    expect(planBlocks(costs, { ...hard, budgetMs: 2700 })).toMatchObject({ rounds: 3, runs: 5, estimatedMs: 2700 });
    expect(planBlocks(costs, { ...hard, budgetMs: 2699 })).toMatchObject({ rounds: 2, runs: 5, estimatedMs: 1800 });
    expect(planBlocks(costs, { ...hard, budgetMs: 10 })).toMatchObject({ rounds: 1, runs: 5, estimatedMs: 900 });
  });

  it('respects fewer runs than the floor when they are asked for', () => {
    for (const isHard of [true, false]) {
      const few = { ...settings, isHard, minRuns: 2, minMs: 0 };
      expect(planBlocks([{ overheadMs: 1, runMs: 1 }], few)).toMatchObject({ runs: 2, minMs: 0 });
      expect(planBlocks([{ overheadMs: 1, runMs: 1000 }], { ...few, budgetMs: 1 })).toMatchObject({
        runs: 2,
        minMs: 0,
      });
    }
  });

  it('never goes below its floor, and estimates what it plans', () => {
    fc.assert(
      fc.property(anyCosts, anySettings, (costs, wanted) => {
        const plan = planBlocks(costs, wanted);
        expect(plan.runs).toBeGreaterThanOrEqual(Math.min(wanted.minRuns, wanted.isHard ? 5 : 10));
        expect(plan.runs).toBeLessThanOrEqual(wanted.minRuns);
        expect(plan.minMs).toBeLessThanOrEqual(wanted.minMs);
        expect(plan.rounds).toBeGreaterThanOrEqual(wanted.isHard ? 1 : wanted.rounds);
        expect(plan.rounds).toBeLessThanOrEqual(wanted.rounds);
        expect(Math.abs(plan.estimatedMs / estimate(plan, costs) - 1)).toBeLessThan(1e-9);
        // Over a hard budget only with the one round that is the least.
        const isOver = wanted.isHard && plan.estimatedMs > wanted.budgetMs * (1 + 1e-9);
        expect(isOver && plan.rounds > 1).toBe(false);
      }),
    );
  });

  it('gives no less for a larger budget', () => {
    fc.assert(
      fc.property(anyCosts, anySettings, fc.integer({ min: 0, max: 100_000 }), (costs, wanted, more) => {
        const small = planBlocks(costs, wanted);
        const large = planBlocks(costs, { ...wanted, budgetMs: wanted.budgetMs + more });
        for (const key of ['effort', 'runs', 'rounds', 'minMs', 'warmUpMs', 'estimatedMs'] as const)
          expect(large[key]).toBeGreaterThanOrEqual(small[key]);
      }),
    );
  });
});

describe('expectedBlockMs', () => {
  it('counts three warm-up runs of a slow model', () => {
    expect(expectedBlockMs({ runs: 5, minMs: 100, warmUpMs: 10 }, { overheadMs: 7, runMs: 100 })).toBe(7 + 300 + 500);
  });
});

describe('blockRule', () => {
  it('holds a block to a multiple of its plan, a harder one under a hard budget', () => {
    const cost = { overheadMs: 1, runMs: 10 };
    const soft = blockRule(planBlocks([cost], settings), cost);
    expect(soft.measure).toEqual({ minRuns: 30, minMs: 500, maxMs: 1500, floorRuns: 10 });
    expect(soft.warmUp).toEqual({ minRuns: 3, minMs: 200, maxMs: 600, tolerance: 0.02 });
    const hard = blockRule(planBlocks([cost], { ...settings, isHard: true }), cost);
    expect(hard.measure).toEqual({ minRuns: 30, minMs: 500, maxMs: 750, floorRuns: 5 });
  });

  it('never ends a warm-up before its least time', () => {
    fc.assert(
      fc.property(anyCosts, anySettings, fc.integer({ min: 0, max: 60_000 }), ([cost], wanted, warmUpMs) => {
        fc.pre(cost !== undefined);
        const plan = planBlocks([cost], { ...wanted, warmUpMs });
        const { warmUp, measure } = blockRule(plan, cost);
        expect(warmUp.maxMs).toBeGreaterThanOrEqual(warmUp.minMs);
        expect(measure.maxMs).toBeGreaterThanOrEqual(measure.minMs);
        expect(measure.floorRuns).toBeLessThanOrEqual(measure.minRuns);
      }),
    );
  });
});
