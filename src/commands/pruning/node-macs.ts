import { CostCounter } from '../../inspect/model-cost.ts';
import type { Model } from '../../onnx/model.ts';
import type { Node } from '../../onnx/node.ts';
import { inferScope } from '../../onnx/shape/infer-types.ts';

/** Multiply-adds of each node of a model at the given dimensions; 0 where they are not known. */
export function nodeMacs(model: Model, dims: Readonly<Record<string, number>>): (node: Node) => number {
  const scope = inferScope(model, { dims });
  const counter = new CostCounter();
  const known = new Map<Node, number>();
  return (node) => {
    const macs = known.get(node) ?? counter.node(node, scope).macs;
    known.set(node, macs);
    return macs;
  };
}
