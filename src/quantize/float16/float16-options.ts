import type { ValueStatistics } from './float16-trouble.ts';

export interface Float16Options {
  /** Whether the graph's inputs and outputs stay float32, with Casts behind and before them. */
  readonly keepIo?: boolean;
  /** Nodes that stay float32, each by the name of its first output. */
  readonly keep?: ReadonlySet<string>;
  /** Operators that stay float32, by type; `blockedOperators` unless given. */
  readonly blocked?: ReadonlySet<string>;
  /** What calibration saw of the values, by name: the nodes at those that float16 would spoil stay float32. */
  readonly ranges?: ReadonlyMap<string, ValueStatistics>;
}
