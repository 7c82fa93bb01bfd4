import type { Graph } from '../../onnx/graph.ts';
import { Node } from '../../onnx/node.ts';
import type { Value } from '../../onnx/value.ts';

/** What a node reads and makes, and what its subgraphs take in and return: all that its precision is about. */
export function valuesAt(node: Node): readonly Value[] {
  const own = [...node.inputs, ...node.outputs].filter((value): value is Value => value !== null);
  return [...own, ...node.subgraphs.flatMap(({ inputs, outputs }) => [...inputs, ...outputs])];
}

/** The node that a subgraph belongs to; null for a main graph. */
export function ownerOf(graph: Graph): Node | null {
  return graph.container instanceof Node ? graph.container : null;
}
