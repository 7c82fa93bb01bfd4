import type { Model } from '../../onnx/model.ts';
import type { Node } from '../../onnx/node.ts';
import { topologicalOrder } from '../../onnx/sort.ts';
import type { Value } from '../../onnx/value.ts';

/** Layers to refit, in sets of which none reads what another one of the same set makes, from the inputs on. */
export function refitLevels(model: Model, isRefitted: (node: Node) => boolean): readonly (readonly Node[])[] {
  const depths = new Map<Value, number>();
  const levels: Node[][] = [];
  for (const node of topologicalOrder(model.graph)) {
    const depth = node.inputs.reduce((most, value) => Math.max(most, (value && depths.get(value)) ?? 0), 0);
    const isOne = isRefitted(node);
    if (isOne) (levels[depth] ??= []).push(node);
    for (const value of node.outputs) if (value !== null) depths.set(value, isOne ? depth + 1 : depth);
  }
  return levels.filter((level) => level.length > 0);
}
