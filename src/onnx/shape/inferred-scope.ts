import type { FunctionDefinition } from '../function-definition.ts';
import type { Node } from '../node.ts';
import type { ViewScope } from './node-view.ts';

/** What is known of the values of a model's graph, or of a function's body for one way of calling it. */
export interface InferredScope extends ViewScope {
  /** Nodes that call functions of the model. Calls with equal inputs share their scope. */
  readonly calls: ReadonlyMap<Node, InferredCall>;
}

export interface InferredCall {
  readonly definition: FunctionDefinition;
  readonly scope: InferredScope;
}
