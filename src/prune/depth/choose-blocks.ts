import type { ResidualBlock } from './residual-block.ts';

/** From this many blocks on, the first and the last one stay. */
const leastProtected = 4;

export interface BlockChoice {
  /** How many to remove. */
  readonly count: number;
  /** Of blocks by name; those without any are the last to go. */
  readonly influences: ReadonlyMap<string, number | null>;
}

/**
 * Blocks to remove, in the model's order: those of least influence, the later one of equals (Gromov and others, "The
 * Unreasonable Ineffectiveness of the Deeper Layers", 2024). The first and the last block of four or more stay: one
 * makes the stream of what is no stream yet, the other readies it for the head. Fewer than `count` where no more can go.
 */
export function chooseBlocks(
  blocks: readonly ResidualBlock[],
  { count, influences }: BlockChoice,
): readonly ResidualBlock[] {
  const influenceOf = ({ name }: ResidualBlock) => influences.get(name) ?? Infinity;
  const chosen = new Set(
    removableBlocks(blocks)
      .toReversed()
      .map((block) => ({ block, influence: influenceOf(block) }))
      .toSorted((a, b) => (a.influence === b.influence ? 0 : a.influence - b.influence))
      .slice(0, Math.max(0, count))
      .map(({ block }) => block),
  );
  return blocks.filter((block) => chosen.has(block));
}

/** Those that are neither locked nor protected as first or last. */
export function removableBlocks(blocks: readonly ResidualBlock[]): readonly ResidualBlock[] {
  const inner = blocks.length < leastProtected ? blocks : blocks.slice(1, -1);
  return inner.filter(({ lock }) => lock === null);
}
