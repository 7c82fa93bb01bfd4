import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chooseWidths } from '../../../src/prune/plan/choose-widths.ts';
import type { NodeCost } from '../../../src/prune/plan/cost-model.ts';
import { CostModel } from '../../../src/prune/plan/cost-model.ts';
import type { Choice } from '../../../src/prune/plan/knapsack.ts';
import { knapsack } from '../../../src/prune/plan/knapsack.ts';
import type { GroupOptions } from '../../../src/prune/plan/width-options.ts';
import { orderedOptions } from '../../../src/prune/plan/width-options.ts';

/** All ways to choose one of each. */
function* allWays(counts: readonly number[]): Generator<readonly number[], void, undefined> {
  const total = counts.reduce((product, count) => product * count, 1);
  for (let way = 0; way < total; way++) {
    let rest = way;
    yield counts.map((count) => {
      const place = rest % count;
      rest = Math.floor(rest / count);
      return place;
    });
  }
}

function sumOver(groups: readonly (readonly Choice[])[], places: readonly number[], what: 'cost' | 'error'): number {
  return groups.reduce((sum, choices, i) => sum + (choices[places[i] ?? 0]?.[what] ?? 0), 0);
}

function leastError(groups: readonly (readonly Choice[])[], budget: number): number {
  let least = Infinity;
  for (const places of allWays(groups.map(({ length }) => length)))
    if (sumOver(groups, places, 'cost') <= budget + 1e-9) least = Math.min(least, sumOver(groups, places, 'error'));
  return least;
}

function choices(cost: fc.Arbitrary<number>): fc.Arbitrary<readonly (readonly Choice[])[]> {
  const choice = fc.record({ cost, error: fc.double({ min: 0, max: 10, noNaN: true }) });
  return fc.array(fc.array(choice, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 4 });
}

/** What the choice costs, and how large its error is; infinitely large where there is none. */
function outcomeOf(groups: readonly (readonly Choice[])[], places: readonly number[] | null): Choice {
  if (places === null) return { cost: -Infinity, error: Infinity };
  return { cost: sumOver(groups, places, 'cost'), error: sumOver(groups, places, 'error') };
}

describe('knapsack', () => {
  const budgets = fc.integer({ min: -40, max: 150 });

  test('finds the least error of all ways, where costs are whole steps', () => {
    fc.assert(
      fc.property(choices(fc.integer({ min: -20, max: 50 })), budgets, (groups, budget) => {
        const least = groups.reduce((sum, each) => sum + Math.min(...each.map(({ cost }) => cost)), 0);
        const found = outcomeOf(groups, knapsack(groups, budget, Math.max(1, budget - least)));
        expect(found.cost).toBeLessThanOrEqual(budget);
        expect(found.error).toBeCloseTo(leastError(groups, budget), 9);
      }),
      { numRuns: 300 },
    );
  });

  test('keeps the budget in coarser steps, and is as good as all ways with a step a group less', () => {
    fc.assert(
      fc.property(choices(fc.integer({ min: -20, max: 50 })), budgets, (groups, budget) => {
        const least = groups.reduce((sum, each) => sum + Math.min(...each.map(({ cost }) => cost)), 0);
        const found = outcomeOf(groups, knapsack(groups, budget, 40));
        const lost = (groups.length * Math.max(0, budget - least)) / 40;
        expect(found.cost).toBeLessThanOrEqual(budget);
        expect(found.error).toBeLessThanOrEqual(leastError(groups, budget - lost) + 1e-9);
      }),
      { numRuns: 200 },
    );
  });
});

test('CostModel multiplies what is left of each dimension', () => {
  const nodes: readonly NodeCost[] = [
    { node: 'conv', cost: 100, dimensions: [[{ group: 0, share: 1 }], [{ group: 1, share: 1 }]] },
    {
      node: 'concat',
      cost: 60,
      dimensions: [
        [
          { group: 0, share: 0.25 },
          { group: 1, share: 0.5 },
        ],
        [{ group: 2, share: 1 }],
      ],
    },
    { node: 'depthwise', cost: 7, dimensions: [[{ group: 1, share: 1 }]] },
    { node: 'residual', cost: 10, dimensions: [[{ group: 0, share: 1 }], [{ group: 0, share: 1 }]] },
    { node: 'other', cost: 3, dimensions: [] },
  ];
  const model = new CostModel(
    nodes,
    new Map([
      [0, 4],
      [1, 10],
      [2, 2],
    ]),
  );
  expect(model.total(new Map())).toBe(180);
  const kept = new Map([
    [0, 2],
    [1, 5],
  ]);
  expect(model.total(kept)).toBeCloseTo(25 + 60 * (0.25 + 0.125 + 0.25) + 3.5 + 2.5 + 3);
  expect(model.around(2, kept)).toBeCloseTo(37.5);
  expect(model.around(2, new Map([...kept, [2, 1]]))).toBeCloseTo(18.75);
  expect(() => new CostModel(nodes, new Map([[0, 4]]))).toThrow(RangeError);
});

interface Problem {
  readonly groups: readonly GroupOptions[];
  readonly model: CostModel;
}

const width = 8;

/** A chain of layers between groups, with a shortcut and a concatenation, and errors that fall with the width. */
const problems: fc.Arbitrary<Problem> = fc
  .record({
    count: fc.integer({ min: 2, max: 4 }),
    costs: fc.array(fc.double({ min: 1, max: 10, noNaN: true }), { minLength: 6, maxLength: 6 }),
    errors: fc.array(fc.double({ min: 0.1, max: 10, noNaN: true }), { minLength: 16, maxLength: 16 }),
  })
  .map(({ count, costs, errors }) => {
    const whole = (group: number) => [{ group, share: 1 }];
    const nodes = Array.from({ length: count + 1 }, (_, i) => ({
      node: `layer ${i}`,
      cost: costs[i] ?? 1,
      dimensions: [i > 0 ? whole(i - 1) : [], i < count ? whole(i) : []],
    }));
    const joined = {
      node: 'joined',
      cost: costs[5] ?? 1,
      dimensions: [
        [
          { group: 0, share: 0.5 },
          { group: 1, share: 0.5 },
        ],
      ],
    };
    return {
      groups: Array.from({ length: count }, (_, id) => ({
        id,
        options: [2, 4, 6, width].map((kept, i) => ({
          kept,
          error: i === 3 ? 0 : (errors[4 * id + i] ?? 0) * (3 - i),
        })),
      })),
      model: new CostModel([...nodes, joined], new Map(Array.from({ length: count }, (_, id) => [id, width]))),
    };
  });

/** Cost and error of every way. */
function waysOf({ groups, model }: Problem): readonly Choice[] {
  const ordered = groups.map(orderedOptions);
  return [...allWays(ordered.map(({ options }) => options.length))].map((places) => {
    const picked = ordered.map(({ id, options }, i) => ({ id, option: options[places[i] ?? 0] }));
    return {
      cost: model.total(new Map(picked.map(({ id, option }) => [id, option?.kept ?? 0]))),
      error: picked.reduce((sum, { option }) => sum + (option?.error ?? 0), 0),
    };
  });
}

describe('chooseWidths', () => {
  test('keeps any budget that can be kept, and tells exact costs', () => {
    fc.assert(
      fc.property(problems, fc.double({ min: 0.01, max: 1, noNaN: true }), (problem, share) => {
        const { groups, model } = problem;
        const budget = share * model.total(new Map());
        const found = chooseWidths(groups, { model, budget });
        expect(found.cost).toBeCloseTo(model.total(found.kept), 9);
        const least = Math.min(...waysOf(problem).map(({ cost }) => cost));
        expect(found.isMet).toBe(least <= budget * (1 + 1e-9));
        expect(found.cost).toBeLessThanOrEqual(Math.max(least, budget) * (1 + 1e-9));
      }),
      { numRuns: 100 },
    );
  });

  test('is close to the best of all ways', () => {
    const ratios: number[] = [];
    fc.assert(
      fc.property(problems, fc.double({ min: 0.2, max: 0.9, noNaN: true }), (problem, share) => {
        const budget = share * problem.model.total(new Map());
        const found = chooseWidths(problem.groups, { model: problem.model, budget, tolerance: 1 });
        const possible = waysOf(problem).filter(({ cost }) => cost <= budget * (1 + 1e-9));
        if (possible.length === 0) return;
        const best = Math.min(...possible.map(({ error }) => error));
        expect(found.error).toBeGreaterThanOrEqual(best - 1e-9);
        ratios.push(best === 0 ? 1 : found.error / best);
      }),
      { numRuns: 150, seed: 7 },
    );
    expect(ratios.length).toBeGreaterThan(100);
    expect(ratios.filter((ratio) => ratio < 1 + 1e-9).length).toBeGreaterThan(0.95 * ratios.length);
    expect(Math.max(...ratios)).toBeLessThan(1.5);
  });

  test('uses the budget to 1 % where widths are fine enough', () => {
    const units = new Map(Array.from({ length: 12 }, (_, id) => [id, 64]));
    const nodes = Array.from({ length: 13 }, (_, i) => ({
      node: `layer ${i}`,
      cost: 100 * (1 + (i % 4)),
      dimensions: [i > 0 ? [{ group: i - 1, share: 1 }] : [], i < 12 ? [{ group: i, share: 1 }] : []],
    }));
    const groups = Array.from({ length: 12 }, (_, id) => ({
      id,
      options: [16, 32, 48, 64].map((kept) => ({ kept, error: (1 + id) * (1 - kept / 64) ** 2 })),
    }));
    const model = new CostModel(nodes, units);
    for (const share of [0.2, 0.35, 0.5, 0.6, 0.75, 0.9]) {
      const { cost } = chooseWidths(groups, { model, budget: share * model.total(new Map()) });
      expect(cost / model.total(new Map())).toBeLessThanOrEqual(share + 1e-9);
      expect(cost / model.total(new Map())).toBeGreaterThan(0.99 * share);
    }
  });

  test('takes errors that rise with the width for noise', () => {
    expect(
      orderedOptions({
        id: 0,
        options: [
          { kept: 8, error: 0 },
          { kept: 2, error: 1 },
          { kept: 4, error: 3 },
        ],
      }).options,
    ).toEqual([
      { kept: 2, error: 1 },
      { kept: 4, error: 1 },
      { kept: 8, error: 0 },
    ]);
    expect(() => orderedOptions({ id: 0, options: [] })).toThrow(RangeError);
  });
});
