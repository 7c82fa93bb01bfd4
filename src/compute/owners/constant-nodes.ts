import type { Node } from '../../onnx/node.ts';
import { randomOperators } from '../../onnx/random-operators.ts';
import { readsOf } from '../../onnx/traverse.ts';
import type { Value } from '../../onnx/value.ts';

/** Nodes of which nothing that they read depends on what the model is fed, so that they can be computed while loading. */
export function constantNodes(nodes: readonly Node[]): ReadonlySet<Node> {
  const known = new Map<Node, boolean>();
  const isConstant = (value: Value) =>
    value.tensor !== null || (value.producer !== null && known.get(value.producer) === true);
  // Bodies come after the nodes around them, and a graph need not be sorted: until nothing changes.
  for (let changed = true; changed;) {
    changed = false;
    for (const node of nodes) {
      if (known.get(node) === true || randomOperators.has(node.op)) continue;
      if (![...readsOf(node)].every(isConstant)) continue;
      known.set(node, true);
      changed = true;
    }
  }
  return new Set(known.keys());
}
