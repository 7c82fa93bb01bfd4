import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blocksOf, expectRemoved } from './block-check.ts';
import type { Part } from './stream-nets.ts';
import { locksOf, partKinds, streamFeeds, streamNet } from './stream-nets.ts';

const part: fc.Arbitrary<Part> = fc.record({
  kind: fc.constantFrom(...partKinds),
  isTapped: fc.integer({ max: 4, min: 0 }).map((draw) => draw === 0),
});

const coins = fc.array(fc.boolean(), { minLength: 7, maxLength: 7 });

/** Which parts of the net the nodes belong to. */
function partsIn(nodes: readonly string[]): readonly number[] {
  const found = nodes.flatMap((name) => /^\/part(\d+)/.exec(name)?.[1] ?? []).map(Number);
  return [...new Set(found)];
}

describe('findBlocks in random streams', () => {
  it('finds every block, locks those that must stay, and removes any of the others', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(part, { minLength: 1, maxLength: 7 }), coins, async (parts, flips) => {
        const feeds = streamFeeds(parts);
        const model = streamNet(parts);
        const blocks = (await blocksOf(model, feeds)).map((block) => ({ block, parts: partsIn(block.nodes) }));
        const wanted = [...parts.keys()].filter((index) => locksOf[parts[index]?.kind ?? 'plain'] !== null);
        expect(blocks.flatMap((each) => each.parts)).toEqual(wanted);
        for (const { block, parts: inside } of blocks) {
          const locks = inside.map((index) => locksOf[parts[index]?.kind ?? 'plain']).filter((lock) => lock !== 'free');
          // A tap behind the first half of a layer is inside the layer.
          const isTapped = inside.slice(0, -1).some((index) => parts[index]?.isTapped);
          const reasons = isTapped ? [...locks, 'makes-output'] : locks;
          expect(reasons.length > 0 ? reasons : [null]).toContain(block.lock);
        }
        const chosen = blocks.filter(({ block }, index) => block.lock === null && flips[index]);
        const gone = new Set(chosen.flatMap((each) => each.parts));
        await expectRemoved(
          model,
          chosen.map(({ block }) => block),
          { without: streamNet(parts, gone), feeds },
        );
      }),
      { seed: 1, numRuns: 25 },
    );
  });
});
