import type { FunctionDefinition } from '../function-definition.ts';
import type { Graph } from '../graph.ts';
import type { Node } from '../node.ts';
import type { Tensor } from '../tensor.ts';

/** Bytes of a data file beside the model. */
export interface DataPlace {
  /** Path of the file from the model's folder, with `/`. */
  readonly location: string;
  readonly offset: number;
  readonly length: number;
}

/** Where a tensor's elements go: they stay where they are, go into the model's own file, or lie in a data file. */
export type Placement = 'kept' | 'inside' | DataPlace;

/** Where the elements of a model's tensors go when it is written. */
export interface Layout {
  place(tensor: Tensor): Placement;
  /** Whether a tensor somewhere inside does not stay where it is: the part cannot be copied then. */
  isMoved(part: Graph | Node | FunctionDefinition): boolean;
}
