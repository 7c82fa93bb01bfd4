import type { Graph } from '../../onnx/graph.ts';
import type { Node } from '../../onnx/node.ts';
import { allGraphsOf } from '../../onnx/traverse.ts';
import type { Value } from '../../onnx/value.ts';
import type { Float16Trouble } from './float16-trouble.ts';

/**
 * Nodes between an integer product and the float it stands for: sums of products of bytes reach millions, and the scale
 * they are multiplied by is as small as they are large. Neither fits float16; their product does.
 */
export function integerProducts(graph: Graph): ReadonlyMap<Node, Float16Trouble> {
  const found = new Map<Node, Float16Trouble>();
  for (const inner of allGraphsOf(graph)) {
    for (const node of inner.nodes()) {
      if (node.is('DynamicQuantizeLinear')) keepReaders(node.output(1), found, 'vanish');
      if (!node.is('MatMulInteger', 'ConvInteger')) continue;
      for (const { node: cast } of usesOf(node.output(0))) {
        if (cast.is('Cast')) keepReaders(cast.output(0), found, 'overflow');
      }
    }
  }
  return found;
}

function usesOf(value: Value | null) {
  return value?.uses ?? [];
}

function keepReaders(value: Value | null, found: Map<Node, Float16Trouble>, trouble: Float16Trouble): void {
  for (const { node } of usesOf(value)) found.set(node, trouble);
}
