import type { Node } from '../node.ts';
import type { TensorInfo } from '../shape/tensor-info.ts';
import type { Value } from '../value.ts';

/** What a change may know of the place that a node is at. */
export interface ChangeScope {
  /** Version that the whole upgrade ends at. */
  readonly target: number;
  /** A function's graphs: they have no initializers, and their nodes may take attributes from the caller. */
  readonly inFunction: boolean;
  /** Of the model before the upgrade; what an upgrade puts in is not there. */
  readonly types: ReadonlyMap<Value, TensorInfo>;
}

/** What must happen to a node because a version changed its operator's signature or meaning. */
export interface OperatorChange {
  /** Why it cannot, asked of the node as the model has it. Null when it can. */
  readonly problem?: (node: Node, scope: ChangeScope) => string | null;
  /** Rewrites the node, which goes on making the same outputs. New nodes stand before it. */
  readonly apply: (node: Node, scope: ChangeScope) => void;
}
