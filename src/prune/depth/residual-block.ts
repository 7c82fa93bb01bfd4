export const blockLocks = [
  /** Its output has another shape or type than its input: whoever reads it cannot read the input instead. */
  'shape-changes',
  /** It holds an If, Loop or Scan, or one of these reads what it makes. */
  'in-control-flow',
  /** A graph input, such as past keys and values, is read by it alone, and would be read by nobody. */
  'carries-cache',
  /** Something between its input and its output is a graph output, or is read outside. */
  'makes-output',
] as const;
export type BlockLock = (typeof blockLocks)[number];

/** Part of a model that adds something to a stream of activations, and may be left out where it adds little. */
export interface ResidualBlock {
  /** That of the value that leaves it. */
  readonly name: string;
  /** Name of the value that goes in: whoever reads the output reads it when the block is gone. */
  readonly input: string;
  /** Name of the value that comes out. */
  readonly output: string;
  /** Names of the nodes that go with it, in order: those in between, and those that work for them alone. */
  readonly nodes: readonly string[];
  /** Why it must stay; null where it can be removed. */
  readonly lock: BlockLock | null;
}
