import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expandSweep } from '../../src/bench/sweep.ts';
import type { CoreRequest } from '../../src/commands/core-axes.ts';
import { coreAxes } from '../../src/commands/core-axes.ts';

/** Instances × threads of the points that are measured. */
function pointsOf(request: CoreRequest, cores: number): readonly (readonly [number, number])[] {
  const axes = { models: 1, providers: ['cpu'], dims: {}, batches: [], ...coreAxes(request, cores) } as const;
  return expandSweep(axes).map(({ instances, threads }) => [instances, threads]);
}

describe('coreAxes', () => {
  it('leaves out what has more threads than cores, where that is asked for', () => {
    const request = { instances: [1, 2], threads: [1, 2] };
    expect(pointsOf(request, 2)).toHaveLength(4);
    expect(pointsOf({ ...request, fitCores: true }, 2)).toEqual([
      [1, 1],
      [2, 1],
      [1, 2],
    ]);
  });

  it('fills the cores of each number of instances without a wish for threads', () => {
    expect(coreAxes({ instances: [1, 2, 3], threads: [], fitCores: true }, 8).threads).toEqual([8, 4, 2]);
    expect(coreAxes({ instances: [1, 2], threads: [] }, 8).threads).toEqual([8]);
  });

  it('counts by the usable cores', () => {
    const upTo = (cores: number) => Array.from({ length: cores }, (_, index) => index + 1);
    expect(coreAxes({ instances: [1], threads: upTo }, 3).threads).toEqual([1, 2, 3]);
  });

  it('refuses a sweep of which nothing fits', () => {
    const sweep = () => coreAxes({ instances: [2, 4], threads: [2], fitCores: true }, 2);
    expect(sweep).toThrow(expect.objectContaining({ code: 'nothing-fits-cores', details: { least: 4, cores: 2 } }));
  });

  it('never leaves a point out that fits, nor one in that does not', () => {
    const counts = fc.uniqueArray(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(counts, counts, fc.integer({ min: 1, max: 16 }), (instances, threads, cores) => {
        const fitting = threads.flatMap((t) => instances.filter((k) => k * t <= cores).map((k) => `${k}x${t}`));
        fc.pre(fitting.length > 0);
        const points = pointsOf({ instances, threads, fitCores: true }, cores).map(([k, t]) => `${k}x${t}`);
        expect(points).toEqual(fitting);
      }),
    );
  });
});
