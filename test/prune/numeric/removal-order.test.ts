import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { UnitColumns } from '../../../src/prune/numeric/obs-state.ts';
import { removalOrder, scoresOfOrder } from '../../../src/prune/numeric/removal-order.ts';
import { at, eliminate, randomGram, randomWeights } from './samples.ts';

const damping = 1e-2;

interface Case {
  readonly units: number;
  readonly readers: readonly UnitColumns[];
}

/** Layers that read the same units, each unit of one to three columns in random places, some columns of no unit. */
const cases: fc.Arbitrary<Case> = fc
  .record({ units: fc.integer({ min: 2, max: 6 }), readers: fc.integer({ min: 1, max: 2 }), seed: fc.integer() })
  .chain(({ units, readers, seed }) =>
    fc
      .array(fc.array(fc.integer({ min: -1, max: units - 1 }), { minLength: units, maxLength: 9 }), {
        minLength: readers,
        maxLength: readers,
      })
      .map((all) => ({
        units,
        readers: all.map((columns, i) => {
          const n = columns.length;
          const outputs = 1 + (i % 3);
          return {
            gram: randomGram(n, 2 * n, seed + i),
            weights: randomWeights(outputs * n, seed + i),
            outputs,
            units: Int32Array.from(columns),
          };
        }),
      })),
  );

/**
 * The least `tr(D H Dᵀ)` over changes D of the weights that bring removed columns to 0, over the outputs' squares:
 * minimized by elimination, output by output.
 */
function bruteError({ gram, weights, outputs, units }: UnitColumns, removed: ReadonlySet<number>): number {
  const n = units.length;
  const diagonal = gram.filter((_, i) => i % (n + 1) === 0).reduce((sum, x) => sum + x, 0);
  const h = (i: number, j: number) => at(gram, i * n + j) + (i === j ? (damping * diagonal) / n : 0);
  const columns = [...units.keys()];
  const kept = columns.filter((i) => !removed.has(at(units, i)));
  let [error, energy] = [0, 0];
  for (let output = 0; output < outputs; output++) {
    const w = (i: number) => at(weights, output * n + i);
    const change = columns.map((i) => (removed.has(at(units, i)) ? -w(i) : 0));
    const pull = kept.map((i) => -columns.reduce((sum, j) => sum + h(i, j) * at(change, j), 0));
    const best = eliminate(
      kept.map((i) => kept.map((j) => h(i, j))),
      pull,
    );
    for (const [place, column] of kept.entries()) change[column] = at(best, place);
    for (const i of columns)
      for (const j of columns) {
        error += at(change, i) * h(i, j) * at(change, j);
        energy += w(i) * at(gram, i * n + j) * w(j);
      }
  }
  return error / energy;
}

function totalError({ readers }: Case, removed: ReadonlySet<number>): number {
  return readers.reduce((sum, reader) => sum + bruteError(reader, removed), 0);
}

describe('removalOrder', () => {
  test('takes in each step the unit whose loss costs least, found by trying all, and tells the exact error', () => {
    fc.assert(
      fc.property(cases, (drawn) => {
        const found = removalOrder(drawn.readers, { units: drawn.units, damping });
        expect(found?.order).toHaveLength(drawn.units - 1);
        const gone = new Set<number>();
        for (const [step, unit] of found?.order.entries() ?? []) {
          const choices = Array.from({ length: drawn.units }, (_, u) => u).filter((u) => !gone.has(u));
          const errors = choices.map((u) => totalError(drawn, new Set([...gone, u])));
          gone.add(unit);
          const own = at(errors, choices.indexOf(unit));
          // Units without columns and such as cost the same may come in any order.
          expect(own).toBeLessThanOrEqual(Math.min(...errors) + 1e-7);
          expect(Math.abs(at(found?.errors ?? [], step) - own)).toBeLessThan(1e-6 * (1 + own));
        }
      }),
      { numRuns: 60 },
    );
  });

  test('the first of two that are removed is the best one alone, and both are not far from the best two', () => {
    const n = 6;
    const reader = {
      gram: randomGram(n, 30, 3),
      weights: randomWeights(4 * n, 4),
      outputs: 4,
      units: Int32Array.from({ length: n }, (_, i) => i),
    };
    const found = removalOrder([reader], { units: n, most: 2, damping });
    const pairs = Array.from({ length: n * n }, (_, i) => [Math.floor(i / n), i % n] as const).filter(
      ([a, b]) => a < b,
    );
    const least = Math.min(...pairs.map((pair) => bruteError(reader, new Set(pair))));
    expect(found?.order).toHaveLength(2);
    expect(at(found?.errors ?? [], 1)).toBeGreaterThanOrEqual(least - 1e-9);
    expect(at(found?.errors ?? [], 1)).toBeLessThan(2 * least);
  });

  test('a unit that another one repeats goes first, at the cost of the damping only', () => {
    const inputs = randomGram(4, 40, 9);
    const from = [0, 1, 2, 3, 1];
    const gram = Float64Array.from({ length: 25 }, (_, i) =>
      at(inputs, at(from, Math.floor(i / 5)) * 4 + at(from, i % 5)),
    );
    const reader = { gram, weights: randomWeights(15), outputs: 3, units: Int32Array.from({ length: 5 }, (_, i) => i) };
    const found = removalOrder([reader], { units: 5, damping: 1e-6 });
    expect([1, 4]).toContain(found?.order[0]);
    expect(at(found?.errors ?? [], 0)).toBeLessThan(1e-5);
    expect(at(found?.errors ?? [], 1)).toBeGreaterThan(1e-3);
  });

  test('takes several at once that do not stand in for each other, and tells what each costs', () => {
    const n = 12;
    const inputs = randomGram(8, 80, 5);
    // The last four inputs repeat the first four: of each pair only one can go for nothing.
    const gram = Float64Array.from({ length: n * n }, (_, place) =>
      at(inputs, (Math.floor(place / n) % 8) * 8 + ((place % n) % 8)),
    );
    const reader = {
      gram,
      weights: randomWeights(3 * n, 6),
      outputs: 3,
      units: Int32Array.from({ length: n }, (_, i) => i),
    };
    const found = removalOrder([reader], { units: n, most: 8, damping, atOnce: 5 });
    const order = [...(found?.order ?? [])];
    expect(order).toHaveLength(8);
    expect(new Set(order.slice(0, 4).map((unit) => unit % 8))).toEqual(new Set([0, 1, 2, 3]));
    for (const step of order.keys()) {
      const expected = bruteError(reader, new Set(order.slice(0, step + 1)));
      expect(at(found?.errors ?? [], step)).toBeCloseTo(expected, 6);
    }
  });

  test('scores bring units into that order, and those that stay last', () => {
    expect(scoresOfOrder({ order: Int32Array.of(2, 0), errors: Float64Array.of(0.1, 0.3) }, 4)).toEqual(
      Float64Array.of(0.3, Infinity, 0.1, Infinity),
    );
  });

  test('gives up on numbers that are not finite', () => {
    const units = Int32Array.of(0, 1);
    const reader = { gram: Float64Array.of(NaN, 0, 0, 1), weights: randomWeights(2), outputs: 1, units };
    expect(removalOrder([reader], { units: 2 })).toBeNull();
  });
});
