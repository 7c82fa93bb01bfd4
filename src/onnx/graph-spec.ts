import type { Graph } from './graph.ts';
import type { MetadataEntry } from './metadata.ts';
import type { NodeOptions } from './node.ts';
import type { Value } from './value.ts';

/** What a graph sits in: a node (as attribute), a model or a function. */
export interface GraphContainer {
  touch(): void;
  /** Graph around it, whose values can be captured; null for a model's or function's own graph. */
  readonly graph: Graph | null;
}

/** A node to be made. */
export interface NodeSpec extends NodeOptions {
  readonly inputs: readonly (Value | null)[];
  /** Names of the outputs, made unique; null leaves an optional one out. */
  readonly outputs: readonly (string | null)[];
}

/** What a file says about a graph beside what it computes. */
export interface GraphInfo {
  readonly docString?: string;
  readonly metadata?: readonly MetadataEntry[];
  /** Whole fields, tag included, kept as they were: quantization annotations, infos of unknown values, newer fields. */
  readonly unknownFields?: readonly Uint8Array[];
}
