import { assert, integer, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { datasetOrder, epochOrder } from '../../src/data/dataset-order.ts';
import { findingOf } from './finding-of.ts';

const sorted = (indices: Uint32Array) => [...indices].toSorted((first, second) => first - second);
const range = (size: number) => Array.from({ length: size }, (_, i) => i);

describe('datasetOrder', () => {
  it('is that of the files when nothing else is asked for', () => {
    expect(datasetOrder(4, { seed: 7 })).toEqual({ chosen: Uint32Array.of(0, 1, 2, 3), held: new Uint32Array() });
  });

  it('is a permutation, split in two without overlap, the same for the same seed', () => {
    assert(
      property(integer({ min: 2, max: 500 }), integer(), integer({ min: 1, max: 499 }), (size, seed, count) => {
        const options = { seed, holdout: Math.min(count, size - 1) };
        const { chosen, held } = datasetOrder(size, options);
        expect(held.length).toBe(options.holdout);
        expect(sorted(Uint32Array.of(...chosen, ...held))).toEqual(range(size));
        expect(datasetOrder(size, options)).toEqual({ chosen, held });
      }),
      { seed: 1 },
    );
  });

  it('takes the first of the shuffle, so that more samples include fewer', () => {
    const few = datasetOrder(1000, { seed: 3, samples: 10 }).chosen;
    const more = datasetOrder(1000, { seed: 3, samples: 20 }).chosen;
    expect(more.slice(0, 10)).toEqual(few);
    expect(new Set(more).size).toBe(20);
    expect(datasetOrder(1000, { seed: 4, samples: 10 }).chosen).not.toEqual(few);
    expect(datasetOrder(5, { seed: 3, samples: 10 }).chosen).toHaveLength(5);
  });

  it('holds a fraction of the samples out, at least one', () => {
    const { chosen, held } = datasetOrder(1000, { seed: 0, samples: 200, holdout: 0.1 });
    expect([chosen.length, held.length]).toEqual([180, 20]);
    expect(datasetOrder(4, { seed: 0, holdout: 0.01 }).held).toHaveLength(1);
  });

  it.for([0, -1, 1.5, 5, 1000])('refuses to hold out %d of 5', (holdout) => {
    expect(findingOf(() => datasetOrder(5, { seed: 0, holdout }))).toMatchObject({
      code: 'bad-value',
      details: { flag: '--holdout', value: String(holdout) },
    });
  });

  it('puts every index into every place about equally often', () => {
    const counts = range(4).map(() => range(4).map(() => 0));
    for (let seed = 0; seed < 4000; seed++) {
      datasetOrder(4, { seed, samples: 4 }).chosen.forEach((index, place) => {
        const row = counts[index];
        if (row) row[place] = (row[place] ?? 0) + 1;
      });
    }
    // 1000 expected, with a standard deviation of 27.
    for (const count of counts.flat()) expect(Math.abs(count - 1000)).toBeLessThan(140);
  });
});

describe('epochOrder', () => {
  it('orders the same samples anew each epoch, and the same again for the same seed and epoch', () => {
    const indices = Uint32Array.of(9, 4, 7, 1, 30, 2);
    const first = epochOrder(indices, { seed: 1, epoch: 0 });
    expect(sorted(first)).toEqual(sorted(indices));
    expect(epochOrder(indices, { seed: 1, epoch: 0 })).toEqual(first);
    expect(epochOrder(indices, { seed: 1, epoch: 1 })).not.toEqual(first);
    expect(indices).toEqual(Uint32Array.of(9, 4, 7, 1, 30, 2));
  });
});
