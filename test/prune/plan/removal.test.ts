import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { allowedWidths } from '../../../src/prune/plan/allowed-widths.ts';
import { CostModel } from '../../../src/prune/plan/cost-model.ts';
import { globalRemoval } from '../../../src/prune/plan/global-removal.ts';
import type { ScoredGroup } from '../../../src/prune/plan/removal-of.ts';
import { removalOf } from '../../../src/prune/plan/removal-of.ts';
import { uniformRemoval } from '../../../src/prune/plan/uniform-removal.ts';

function group(id: number, scores: readonly number[], allowed?: readonly number[]): ScoredGroup {
  const all = scores.map((_, i) => i + 1);
  return { id, scores: Float64Array.from(scores), allowed: allowed ?? all };
}

const randomGroups: fc.Arbitrary<readonly ScoredGroup[]> = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 40 }), fc.constantFrom('channels', 'neurons', 'heads'), fc.integer()), {
    minLength: 1,
    maxLength: 5,
  })
  .chain((groups) =>
    fc.tuple(
      ...groups.map(([units, kind], id) =>
        fc
          .array(fc.double({ min: 0, max: 3, noNaN: true }), { minLength: units, maxLength: units })
          .map((scores) =>
            group(id, scores, allowedWidths({ units, kind, touchesConv: kind === 'channels', roundTo: null })),
          ),
      ),
    ),
  );

describe('removalOf', () => {
  test('takes the units of lowest score, ascending', () => {
    const groups = [group(3, [0.5, 0.1, 0.9, 0.1]), group(5, [1, 2])];
    expect(removalOf(groups, new Map([[3, 2]]))).toEqual(new Map([[3, [1, 3]]]));
    expect(
      removalOf(
        groups,
        new Map([
          [3, 1],
          [5, 2],
        ]),
      ),
    ).toEqual(new Map([[3, [0, 1, 3]]]));
  });

  test('keeps what has no score to the last', () => {
    expect(removalOf([group(0, [Number.NaN, 2, 1])], new Map([[0, 1]]))).toEqual(new Map([[0, [1, 2]]]));
  });
});

describe('uniformRemoval', () => {
  test('takes a share of each group, rounded to allowed widths', () => {
    const groups = [group(0, [4, 3, 2, 1]), group(1, [1, 2, 3, 4], [4])];
    const { kept, removal } = uniformRemoval(groups, () => 0.5);
    expect(kept).toEqual(
      new Map([
        [0, 2],
        [1, 4],
      ]),
    );
    expect(removal).toEqual(new Map([[0, [2, 3]]]));
  });

  test('takes of each group what it is told', () => {
    const { kept } = uniformRemoval([group(0, [1, 2]), group(1, [1, 2, 3, 4])], ({ id }) => (id === 0 ? 0 : 0.25));
    expect(kept).toEqual(
      new Map([
        [0, 2],
        [1, 3],
      ]),
    );
  });

  test('never removes a unit before one of lower score, nor all', () => {
    fc.assert(
      fc.property(randomGroups, fc.double({ min: 0, max: 1, noNaN: true }), (groups, ratio) => {
        const { kept, removal } = uniformRemoval(groups, () => ratio);
        for (const { id, scores, allowed } of groups) {
          const gone = new Set(removal.get(id));
          expect(kept.get(id)).toBe(scores.length - gone.size);
          expect(allowed).toContain(scores.length - gone.size);
          const highest = Math.max(-1, ...scores.filter((_, unit) => gone.has(unit)));
          expect(Math.min(...scores.filter((_, unit) => !gone.has(unit)))).toBeGreaterThanOrEqual(highest);
        }
      }),
    );
  });
});

describe('globalRemoval', () => {
  test('is one ranking over all groups', () => {
    const groups = [group(0, [0.1, 0.2, 5, 6]), group(1, [0.3, 7, 8, 9])];
    const { removal, reached } = globalRemoval(groups, { share: 3 / 8 });
    expect(removal).toEqual(
      new Map([
        [0, [0, 1]],
        [1, [0]],
      ]),
    );
    expect(reached).toBeCloseTo(3 / 8);
  });

  test('leaves each group its least', () => {
    const groups = [group(0, [0, 0, 0, 0]), group(1, [5, 6, 7, 8])];
    expect(globalRemoval(groups, { share: 0.5 }).kept).toEqual(
      new Map([
        [0, 1],
        [1, 3],
      ]),
    );
    expect(globalRemoval(groups, { share: 0.25, least: 0.5 }).kept).toEqual(
      new Map([
        [0, 2],
        [1, 4],
      ]),
    );
    expect(globalRemoval(groups, { share: 1 }).kept).toEqual(
      new Map([
        [0, 1],
        [1, 1],
      ]),
    );
    expect(globalRemoval([], { share: 0.5 }).removal.size).toBe(0);
  });

  test('counts what it is told to, such as multiplications', () => {
    const units = new Map([
      [0, 4],
      [1, 4],
    ]);
    const model = new CostModel(
      [
        { node: 'a', cost: 900, dimensions: [[{ group: 0, share: 1 }]] },
        { node: 'b', cost: 100, dimensions: [[{ group: 1, share: 1 }]] },
      ],
      units,
    );
    const groups = [group(0, [2, 3, 4, 5]), group(1, [1, 2.5, 9, 9])];
    const goneShare = (kept: ReadonlyMap<number, number>) => 1 - model.total(kept) / 1000;
    const { kept, reached } = globalRemoval(groups, { share: 0.25, goneShare });
    expect(kept).toEqual(
      new Map([
        [0, 3],
        [1, 3],
      ]),
    );
    expect(reached).toBeCloseTo(0.25);
  });

  test('comes as near as widths along the ranking allow', () => {
    fc.assert(
      fc.property(randomGroups, fc.double({ min: 0, max: 1, noNaN: true }), (groups, share) => {
        const { kept, reached } = globalRemoval(groups, { share, least: 0 });
        const total = groups.reduce((sum, { scores }) => sum + scores.length, 0);
        const left = [...kept.values()].reduce((sum, width) => sum + width, 0);
        expect(reached).toBeCloseTo(1 - left / total);
        for (const { id, allowed } of groups) expect(allowed).toContain(kept.get(id));
        // One step of one group is the most that lies between two lengths of the ranking.
        const steps = groups.flatMap(({ allowed }) => allowed.map((width, i) => width - (allowed[i - 1] ?? 0)));
        const least = groups.reduce((sum, { allowed }) => sum + (allowed[0] ?? 0), 0);
        const wanted = Math.min(share, 1 - least / total);
        expect(Math.abs(reached - wanted)).toBeLessThanOrEqual(Math.max(...steps) / total + 1e-9);
      }),
    );
  });
});
