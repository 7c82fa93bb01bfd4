import type { Model } from '../../onnx/model.ts';
import type { Node } from '../../onnx/node.ts';
import { allGraphsOf } from '../../onnx/traverse.ts';
import type { Lock, WeightPlace } from './prune-group.ts';

/** A layer inside an If, Loop or Scan of the main graph. */
export interface InnerWeight {
  readonly units: number;
  readonly place: WeightPlace;
  readonly lock: Lock;
}

/** Axis of the weight that a layer's outputs lie along. */
function outputAxis(node: Node): number {
  if (node.is('ConvTranspose', 'LSTM', 'GRU', 'RNN', 'MatMul')) return 1;
  return node.is('Gemm') && node.int('transB', 0) === 0 ? 1 : 0;
}

/** Layers that no rule looks at, so that somebody who asks why nothing is pruned is told. */
export function weightsInControlFlow(model: Model): readonly InnerWeight[] {
  const found: InnerWeight[] = [];
  for (const outer of model.graph.nodes()) {
    for (const subgraph of outer.subgraphs) {
      for (const graph of allGraphsOf(subgraph)) for (const node of graph.nodes()) found.push(...weightOf(node, outer));
    }
  }
  return found;
}

function weightOf(node: Node, outer: Node): readonly InnerWeight[] {
  if (!node.is('Conv', 'ConvTranspose', 'Gemm', 'MatMul', 'LSTM', 'GRU', 'RNN')) return [];
  const weight = node.input(1);
  const axis = outputAxis(node);
  const units = weight?.constant?.dims[axis] ?? 0;
  if (weight === null || units < 2) return [];
  const name = node.name === '' ? (node.output(0)?.name ?? node.op) : node.name;
  const lock = { reason: 'in-control-flow', node: outer.name, op: outer.op } as const;
  return [{ units, place: { node: name, input: 1, weight: weight.name, axis }, lock }];
}
