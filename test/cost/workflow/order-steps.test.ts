import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ancestors, orderSteps } from '../../../src/cost/workflow/order-steps.ts';

/** Any graph: each step waits for any others. */
const graphs = fc.integer({ min: 1, max: 7 }).chain((size) =>
  fc.array(fc.uniqueArray(fc.integer({ min: 0, max: size - 1 }), { maxLength: 3 }), {
    minLength: size,
    maxLength: size,
  }),
);

/** `reach[a][b]`: b comes before a, by Warshall's closure. */
function closure(after: readonly (readonly number[])[]): readonly (readonly boolean[])[] {
  const reach = after.map((earlier) => after.map((_, index) => earlier.includes(index)));
  after.forEach((_, via) => {
    for (const row of reach) if (row[via] === true) row.forEach((_, to) => (row[to] ||= reach[via]?.[to] === true));
  });
  return reach;
}

/** What comes before each step, as sets of indices. */
function setsOf(reach: readonly (readonly boolean[])[]): readonly ReadonlySet<number>[] {
  return reach.map((row) => new Set(row.flatMap((isBefore, index) => (isBefore ? [index] : []))));
}

const isCyclic = (after: readonly (readonly number[])[]): boolean => closure(after).some((row, index) => row[index]);

describe('orderSteps', () => {
  it('orders every graph without a cycle', () => {
    fc.assert(
      fc.property(
        graphs.filter((after) => !isCyclic(after)),
        (after) => {
          const { order, cycle } = orderSteps(after);
          expect(cycle).toEqual([]);
          expect(order.toSorted()).toEqual(after.map((_, index) => index));
          after.forEach((earlier, step) => {
            for (const before of earlier) expect(order.indexOf(before)).toBeLessThan(order.indexOf(step));
          });
          expect(ancestors(after, order)).toEqual(setsOf(closure(after)));
        },
      ),
    );
  });

  it('finds a cycle in every other one', () => {
    fc.assert(
      fc.property(graphs.filter(isCyclic), (after) => {
        const { cycle } = orderSteps(after);
        expect(cycle.length).toBeGreaterThan(1);
        expect(cycle[0]).toBe(cycle.at(-1));
        // Each step is waited for by the next one.
        cycle.slice(1).forEach((step, index) => expect(after[step]).toContain(cycle[index]));
      }),
    );
  });

  it('keeps the order of the file where nothing speaks against it', () => {
    expect(orderSteps([[], [], [0], [1, 2]]).order).toEqual([0, 1, 2, 3]);
  });
});
