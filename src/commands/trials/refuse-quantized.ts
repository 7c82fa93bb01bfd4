import { ModelError } from '../../errors.ts';
import type { Model } from '../../onnx/model.ts';
import type { Node } from '../../onnx/node.ts';
import { allGraphs } from '../../onnx/traverse.ts';

const quantizedOps: ReadonlySet<string> = new Set([
  'QLinearConv',
  'QLinearMatMul',
  'ConvInteger',
  'MatMulInteger',
  'DynamicQuantizeLinear',
  'QuantizeLinear',
  'MatMulNBits',
  'GatherBlockQuantized',
  'QGemm',
  'QAttention',
  'DynamicQuantizeMatMul',
  'MatMulIntegerToFloat',
]);

/** Throws ModelError `already-quantized` for the first node that computes with integers or unpacks a weight. */
export function refuseQuantized(model: Model, path: string): void {
  for (const graph of allGraphs(model))
    for (const node of graph.nodes())
      if (quantizedOps.has(node.op) || isDequantizedWeight(node))
        throw new ModelError('already-quantized', { path, node: labelOf(node), operator: node.op });
}

function isDequantizedWeight(node: Node): boolean {
  return node.op === 'DequantizeLinear' && node.input(0)?.isInitializer === true;
}

function labelOf(node: Node): string {
  return node.name === '' ? (node.outputs.find((value) => value !== null)?.name ?? '') : node.name;
}
