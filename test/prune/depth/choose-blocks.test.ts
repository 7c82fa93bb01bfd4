import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blockInfluence } from '../../../src/prune/depth/block-influence.ts';
import { chooseBlocks, removableBlocks } from '../../../src/prune/depth/choose-blocks.ts';
import type { BlockLock, ResidualBlock } from '../../../src/prune/depth/residual-block.ts';

const blocks = (...locks: readonly (BlockLock | null)[]): readonly ResidualBlock[] =>
  locks.map((lock, index) => ({ name: `b${index}`, input: '', output: `b${index}`, nodes: [], lock }));
const influences = (...numbers: readonly (number | null)[]) =>
  new Map(numbers.map((influence, index) => [`b${index}`, influence]));
const chosen = (all: readonly ResidualBlock[], count: number, of: ReadonlyMap<string, number | null>) =>
  chooseBlocks(all, { count, influences: of }).map(({ name }) => name);

describe('chooseBlocks', () => {
  it('takes those of least influence, in order, and leaves the first and the last of four', () => {
    const five = blocks(null, null, null, null, null);
    const of = influences(0, 0.3, 0.1, 0.2, 0);
    expect(chosen(five, 1, of)).toEqual(['b2']);
    expect(chosen(five, 2, of)).toEqual(['b2', 'b3']);
    expect(chosen(five, 9, of)).toEqual(['b1', 'b2', 'b3']);
    expect(chosen(five, 0, of)).toEqual([]);
  });

  it('protects none of three', () => {
    expect(chosen(blocks(null, null, null), 1, influences(0.1, 0.2, 0.3))).toEqual(['b0']);
  });

  it('never takes a locked one', () => {
    const all = blocks('carries-cache', null, 'shape-changes', null, null, null);
    expect(chosen(all, 9, influences(0, 0, 0, 0, 0, 0))).toEqual(['b1', 'b3', 'b4']);
  });

  it('takes the later one of equals, and one without a figure last', () => {
    const five = blocks(null, null, null, null, null);
    expect(chosen(five, 1, influences(0, 0.1, 0.1, 0.1, 0))).toEqual(['b3']);
    expect(chosen(five, 2, influences(0, null, 0.9, 0.8, 0))).toEqual(['b2', 'b3']);
    expect(chosen(five, 1, new Map())).toEqual(['b3']);
  });

  it('takes no block that one left behind has less influence than', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ isLocked: fc.boolean(), influence: fc.double({ min: 0, max: 2, noNaN: true }) })),
        fc.nat(8),
        (drawn, count) => {
          const all = blocks(...drawn.map(({ isLocked }) => (isLocked ? 'makes-output' : null)));
          const of = influences(...drawn.map(({ influence }) => influence));
          const gone = chooseBlocks(all, { count, influences: of });
          const free = removableBlocks(all);
          expect(gone).toHaveLength(Math.min(count, free.length));
          const worst = Math.max(0, ...gone.map(({ name }) => of.get(name) ?? 0));
          for (const left of free.filter((each) => !gone.includes(each)))
            expect(of.get(left.name)).toBeGreaterThanOrEqual(worst);
        },
      ),
    );
  });
});

describe('blockInfluence', () => {
  it('is 0 for a block that changes no direction and 2 for one that turns them all around', () => {
    expect(blockInfluence(1)).toBe(0);
    expect(blockInfluence(-1)).toBe(2);
    expect(blockInfluence(0.25)).toBe(0.75);
  });

  it('is never below 0, and null where nothing was measured', () => {
    expect(blockInfluence(1 + 1e-7)).toBe(0);
    expect(blockInfluence(null)).toBeNull();
    expect(blockInfluence(Number.NaN)).toBeNull();
  });
});
