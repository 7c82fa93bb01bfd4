/**
 * Why a node stays float32. `blocked`: by the list of operators; `overflow`, `vanish`: by what was measured, or by
 * scales that float16 cannot hold; `excluded`: by name; `no-kernel`: nothing runs it in float16, by its schema or because
 * its types are not known; `index-arithmetic`: it computes lengths or positions, of which float16 has only 2048 exactly.
 */
export type KeepReason = 'blocked' | 'overflow' | 'vanish' | 'excluded' | 'no-kernel' | 'index-arithmetic';

/** A node that stays float32. */
export interface KeptNode {
  /** Name of its first output before the rewrite. */
  readonly name: string;
  readonly op: string;
  readonly reason: KeepReason;
}

/** A constant of which float16 cannot hold some elements. */
export interface ClampedConstant {
  /** Name of its value before the rewrite. */
  readonly name: string;
  /** Elements moved to the nearest number that float16 has. */
  readonly count: number;
  /** Those of them that were beyond 65504; the others were too close to zero. */
  readonly tooLarge: number;
}

/** What became of a model in float16. */
export interface Float16Report {
  /** Nodes of all graphs before the rewrite, functions' bodies aside. */
  readonly nodes: number;
  /** Those that read or make float16 now and did float32 before. */
  readonly float16Nodes: number;
  /** Those that read or make float32 as before, in the order of the graph. */
  readonly keptNodes: readonly KeptNode[];
  readonly clampedConstants: readonly ClampedConstant[];
  /** Casts in the model that were not there before. */
  readonly casts: number;
}
