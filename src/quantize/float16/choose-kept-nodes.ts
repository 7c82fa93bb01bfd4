import { functionKey } from '../../onnx/function-definition.ts';
import type { Model } from '../../onnx/model.ts';
import type { Node } from '../../onnx/node.ts';
import { allGraphsOf } from '../../onnx/traverse.ts';
import { blockedOperators } from './blocked-operators.ts';
import { ConstantTroubles } from './constant-troubles.ts';
import type { FloatTypes } from './float-types.ts';
import type { Float16Options } from './float16-options.ts';
import type { KeepReason } from './float16-report.ts';
import { indexArithmetic } from './index-arithmetic.ts';
import { integerProducts } from './integer-products.ts';
import { nodeIdentity } from './node-identity.ts';
import { valuesAt } from './node-values.ts';
import { nodesToKeep } from './nodes-to-keep.ts';
import { supportsFloat16 } from './operator-support.ts';
import { scaleTrouble } from './quantization-scales.ts';

/**
 * Nodes that stay float32, with the first reason that holds. Nodes without a float32 value are not among them, nor are
 * those of functions: a function's body is left as it is, and its calls have no float16 kernel. Inline functions before,
 * if they are to be rewritten.
 */
export function chooseKeptNodes(
  model: Model,
  types: FloatTypes,
  options: Float16Options,
): ReadonlyMap<Node, KeepReason> {
  const reasonOf = reasons(model, types, options);
  const kept = new Map<Node, KeepReason>();
  for (const graph of allGraphsOf(model.graph)) {
    for (const node of graph.nodes()) {
      const kinds = new Set(valuesAt(node).map(types.kindOf));
      if (!kinds.has('float32')) continue;
      const reason = kinds.has('unknown') ? 'no-kernel' : reasonOf(node);
      if (reason !== null) kept.set(node, reason);
    }
  }
  return kept;
}

function reasons(
  model: Model,
  types: FloatTypes,
  { keep = new Set(), blocked = blockedOperators, ranges = new Map() }: Float16Options,
): (node: Node) => KeepReason | null {
  const functions = new Set(model.functions.map(functionKey));
  const products = integerProducts(model.graph);
  const indices = indexArithmetic(model.graph, types.typeOf);
  const troubles = nodesToKeep(model, ranges);
  const constants = new ConstantTroubles();
  return (node) => {
    // These hold whatever their readers want of them.
    if (node.is('Constant')) return keep.has(nodeIdentity(node)) ? 'excluded' : null;
    const isCall = functions.has(
      functionKey({ domain: node.domain, name: node.op, overload: node.info.overload ?? '' }),
    );
    if (isCall || !supportsFloat16(node, model.opset)) return blocked.has(node.op) ? 'blocked' : 'no-kernel';
    if (blocked.has(node.op)) return 'blocked';
    const trouble = products.get(node) ?? scaleTrouble(node) ?? troubles.get(nodeIdentity(node)) ?? constants.of(node);
    if (trouble !== undefined && trouble !== null) return trouble;
    if (indices.has(node)) return 'index-arithmetic';
    return keep.has(nodeIdentity(node)) ? 'excluded' : null;
  };
}
