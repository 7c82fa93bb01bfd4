import type { Model } from '../onnx/model.ts';
import type { SparseTensor, Tensor } from '../onnx/tensor.ts';
import { allGraphs } from '../onnx/traverse.ts';
import type { GraphFigures } from './optimize-result.ts';

/** Counts a model's nodes and constants; `macs` come from whoever can tell. */
export function graphFigures(model: Model, macs: number | null): GraphFigures {
  const operators = new Map<string, number>();
  const constants = new Set<Tensor | SparseTensor>();
  let nodes = 0;
  let initializers = 0;
  for (const graph of allGraphs(model)) {
    nodes += graph.nodeCount;
    initializers += graph.initializers.size;
    for (const { tensor } of graph.initializers) if (tensor) constants.add(tensor);
    for (const node of graph.nodes()) {
      const isStandard = node.domain === '' || node.domain === 'ai.onnx';
      const operator = isStandard ? node.op : `${node.domain}:${node.op}`;
      operators.set(operator, (operators.get(operator) ?? 0) + 1);
      for (const { kind, value } of node.attributes.values())
        if (kind === 'tensor' || kind === 'sparse-tensor') constants.add(value);
    }
  }
  return {
    nodes,
    operators: Object.fromEntries([...operators].toSorted(([, a], [, b]) => b - a)),
    initializers,
    constantBytes: [...constants].reduce((sum, tensor) => sum + tensor.byteLength, 0),
    macs,
    opset: model.opset,
    irVersion: model.irVersion,
  };
}

/** Nodes of a model, those in subgraphs and functions too. */
export function countNodes(model: Model): number {
  let nodes = 0;
  for (const graph of allGraphs(model)) nodes += graph.nodeCount;
  return nodes;
}
