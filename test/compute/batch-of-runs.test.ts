import { describe, expect, it } from 'vitest';
import { batchOfRuns } from '../../src/compute/batch-of-runs.ts';
import type { ReferenceRun } from '../../src/compute/reference-runs.ts';
import { floats, longs } from '../../src/onnx/graph-builder.ts';

const run = (x: readonly number[], y: readonly number[], shared = 7, isData = false): ReferenceRun => ({
  feeds: { x: floats([1, 2], x), shared: longs([shared]) },
  expected: { y: floats([2, 1, 1], y) },
  isData,
});
const axes = new Map([
  ['x', 0],
  ['y', 1],
]);

describe('batchOfRuns', () => {
  it('puts two runs side by side, each input and output along its own axis', () => {
    expect(batchOfRuns([run([1, 2], [10, 20]), run([3, 4], [30, 40])], axes)).toEqual([
      {
        feeds: { x: floats([2, 2], [1, 2, 3, 4]), shared: longs([7]) },
        expected: { y: floats([2, 2, 1], [10, 30, 20, 40]) },
        isData: false,
      },
    ]);
  });

  it('joins only runs that agree in what all samples share, and one with itself where none does', () => {
    const runs = [run([1, 2], [10, 20], 7), run([3, 4], [30, 40], 8), run([5, 6], [50, 60], 7)];
    expect(batchOfRuns(runs, axes)).toMatchObject([{ feeds: { x: floats([2, 2], [1, 2, 5, 6]) } }]);
    expect(batchOfRuns(runs.slice(0, 2), axes)).toMatchObject([{ feeds: { x: floats([2, 2], [1, 2, 1, 2]) } }]);
  });

  it('makes nothing of no runs, and of a model without samples', () => {
    expect(batchOfRuns([], axes)).toEqual([]);
    expect(batchOfRuns([run([1, 2], [10, 20])], new Map())).toEqual([]);
  });
});
