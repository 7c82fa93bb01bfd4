import type { Work } from '../cost/hardware/translation.ts';
import { CostCounter } from '../inspect/model-cost.ts';
import { placedNodes } from '../inspect/placed-nodes.ts';
import type { Model } from '../onnx/model.ts';
import type { Node } from '../onnx/node.ts';
import { inferScope } from '../onnx/shape/infer-types.ts';

/** Operators whose products are of 8-bit integers. */
const integerProducts: ReadonlySet<string> = new Set([
  'ConvInteger',
  'MatMulInteger',
  'QLinearConv',
  'QLinearMatMul',
  'QGemm',
  'MatMulIntegerToFloat',
  'DynamicQuantizeMatMul',
]);

/** Operators that the runtime fuses with the conversions around them. */
const floatProducts = ['Conv', 'MatMul', 'Gemm'];

/**
 * What a run of a model takes at the given dimensions, a multiply-add counted as two operations; null where its products
 * cannot all be told, or where there are none.
 */
export function modelWork(model: Model, dims: Readonly<Record<string, number>>): Work | null {
  const scope = inferScope(model, { dims });
  const counter = new CostCounter();
  const { macs, unknownMacs, bytes } = counter.graph(model.graph, scope);
  if (macs === 0 || Object.values(unknownMacs).some((nodes) => nodes > 0)) return null;
  const ofIntegers = [...placedNodes(model.graph, scope)]
    .filter(({ node, isContainer }) => !isContainer && multipliesIntegers(node))
    .reduce((sum, { node, scope: own }) => sum + counter.node(node, own).macs, 0);
  return { flop: 2 * macs, bytes, isInt8: ofIntegers > macs / 2 };
}

/** By its operator, or as a float operator between conversions of both its factors, which becomes one. */
function multipliesIntegers(node: Node): boolean {
  if (integerProducts.has(node.op)) return true;
  return node.is(...floatProducts) && [0, 1].every((index) => node.input(index)?.producer?.op === 'DequantizeLinear');
}
