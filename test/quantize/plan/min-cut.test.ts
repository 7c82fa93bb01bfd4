import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MinCut } from '../../../src/quantize/plan/min-cut.ts';

interface Problem {
  readonly costs: readonly (readonly [onSource: number, onSink: number])[];
  readonly separations: readonly (readonly [first: number, second: number, cost: number])[];
}

function solved({ costs, separations }: Problem): readonly boolean[] {
  const cut = new MinCut(costs.length);
  for (const [thing, [onSource, onSink]] of costs.entries()) cut.cost(thing, onSource, onSink);
  for (const [first, second, cost] of separations) cut.separation(first, second, cost);
  return cut.solve();
}

function costOf({ costs, separations }: Problem, isOnSource: readonly boolean[]): number {
  let total = 0;
  for (const [thing, [onSource, onSink]] of costs.entries()) total += isOnSource[thing] === true ? onSource : onSink;
  for (const [first, second, cost] of separations)
    if (isOnSource[first] === true && isOnSource[second] !== true) total += cost;
  return total;
}

function leastCost(problem: Problem): number {
  const count = problem.costs.length;
  const all = Array.from({ length: 2 ** count }, (_, bits) =>
    costOf(
      problem,
      Array.from({ length: count }, (_, thing) => ((bits >> thing) & 1) === 1),
    ),
  );
  return Math.min(...all);
}

function problems(cost: fc.Arbitrary<number>): fc.Arbitrary<Problem> {
  return fc.integer({ min: 1, max: 8 }).chain((count) => {
    const thing = fc.nat(count - 1);
    return fc.record({
      costs: fc.array(fc.tuple(cost, cost), { minLength: count, maxLength: count }),
      separations: fc.array(fc.tuple(thing, thing, cost.map(Math.abs)), { maxLength: 16 }),
    });
  });
}

/** What the split costs; infinitely much where it is refused. */
function costIfPossible(problem: Problem): number {
  try {
    return costOf(problem, solved(problem));
  } catch (error) {
    if (error instanceof RangeError) return Infinity;
    throw error;
  }
}

describe('MinCut', () => {
  it('finds the least cost of all ways to split, whole costs with many ties among them', () => {
    fc.assert(
      fc.property(problems(fc.integer({ min: -4, max: 4 })), (problem) => {
        expect(costOf(problem, solved(problem))).toBe(leastCost(problem));
      }),
      { numRuns: 500 },
    );
  });

  it('finds it for costs of any size', () => {
    const cost = fc.double({ min: -1e3, max: 1e3, noNaN: true });
    fc.assert(
      fc.property(problems(cost), (problem) => {
        const least = leastCost(problem);
        expect(Math.abs(costOf(problem, solved(problem)) - least)).toBeLessThan(1e-6);
      }),
      { numRuns: 500 },
    );
  });

  it('finds it with forbidden splits and sides', () => {
    const cost = fc.oneof(fc.integer({ min: 0, max: 4 }), fc.constant(Infinity));
    fc.assert(
      fc.property(problems(cost), (problem) => {
        fc.pre(problem.costs.every(([onSource, onSink]) => Math.min(onSource, onSink) < Infinity));
        const least = leastCost(problem);
        expect(costIfPossible(problem)).toBe(least);
      }),
      { numRuns: 500 },
    );
  });

  it('leaves what costs the same on both sides to the sink', () => {
    expect(solved({ costs: [[1, 1]], separations: [] })).toEqual([false]);
    expect(solved({ costs: [], separations: [] })).toEqual([]);
  });

  it('splits a long chain, with a cost wherever the sides change', () => {
    const count = 3000;
    // Blocks of ten that would rather be here or there: changing sides costs less than what a block gains.
    const costs = Array.from(
      { length: count },
      (_, i) => (Math.floor(i / 10) % 2 === 0 ? [0, 1] : [1, 0]) as [number, number],
    );
    const separations = Array.from({ length: count - 1 }, (_, i) => [
      [i, i + 1, 2],
      [i + 1, i, 2],
    ]).flat() as [number, number, number][];
    const sides = solved({ costs, separations });
    expect(sides).toEqual(costs.map(([onSource]) => onSource === 0));
    const stiff = separations.map(([a, b]) => [a, b, 100] as [number, number, number]);
    expect(new Set(solved({ costs: costs.slice(0, 2999), separations: stiff.slice(0, 5996) })).size).toBe(1);
  });
});
