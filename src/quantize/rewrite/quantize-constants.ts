import type { Node } from '../../onnx/node.ts';
import { constantOf } from '../../onnx/passes/constant-of.ts';
import { attributeOf } from '../../onnx/attribute.ts';
import type { Value } from '../../onnx/value.ts';
import { leastWeightScales, quantizeBias } from '../numeric/quantize-bias.ts';
import { quantizeWeight } from '../numeric/quantize-weight.ts';
import type { QuantizationParameters } from '../numeric/scale-and-zero-point.ts';
import { integersOf, quantizeNumber, scaleAndZeroPoint } from '../numeric/scale-and-zero-point.ts';
import { addDequantized, addParameters, dequantizeOf } from './qdq-pair.ts';
import type { PlannedNode, StaticPlan } from './static-plan.ts';
import { addConstant, floatConstant, removeUnread } from './weights.ts';

interface Quantizing {
  readonly plan: StaticPlan;
  parametersOf(value: Value): QuantizationParameters | null;
}

/** Weights, biases and constant operands of planned nodes become integers behind a DequantizeLinear. */
export function quantizeConstants(planned: Iterable<PlannedNode>, quantizing: Quantizing): void {
  const read = new Set<Value>();
  for (const { node, rule } of planned) {
    for (const value of node.inputs) if (value !== null && constantOf(value) !== null) read.add(value);
    if (rule.kind === 'layer') quantizeLayer(node, quantizing);
    else if (rule.kind === 'arithmetic') quantizeOperands(node, rule.data, quantizing);
  }
  removeUnread(read);
}

/**
 * What the pair in front of a node quantized, for the real value itself is not read there any more. In a body there may
 * be another pair before it, outside.
 */
function quantizedSource(value: Value | null): Value | null {
  const dequantize = value?.producer ?? null;
  if (dequantize === null || dequantize.op !== 'DequantizeLinear') return null;
  const source = dequantize.input(0)?.producer?.input(0) ?? null;
  return quantizedSource(source) ?? source;
}

function quantizeLayer(node: Node, { plan, parametersOf }: Quantizing): void {
  const weight = floatConstant(node.input(1));
  const source = quantizedSource(node.input(0));
  const input = source && parametersOf(source);
  if (weight === null || input === null) return;
  const axis = plan.perChannel ? channelAxis(node) : null;
  const bias = biasOf(node, weight.dims);
  const channels = axis === null ? 1 : (weight.dims[axis] ?? 1);
  const leastScales = bias && leastWeightScales(bias, input.scale, channels);
  const quantized = quantizeWeight(weight, { type: 'int8', axis, reduced: plan.reduced, leastScales });
  const { dims, data, scales } = quantized;
  const name = node.input(1)?.name ?? 'weight';
  node.setInput(1, addDequantized(node, name, { integers: { type: 'int8', dims, data }, scales, axis }));
  if (bias === null) return;
  const integers = quantizeBias(bias, input.scale, scales);
  const spec = {
    integers: { type: 'int32', dims: [bias.length], data: integers.data },
    scales: integers.scales,
  } as const;
  node.setInput(2, addDequantized(node, node.input(2)?.name ?? 'bias', { ...spec, axis: 0 }));
  // A factor of the bias is in its integers.
  if (node.is('Gemm') && node.float('beta', 1) !== 1) node.setAttribute(attributeOf.float('beta', 1));
}

/** Output channels: the axis along which integer kernels take a scale each. */
function channelAxis(node: Node): number {
  if (node.is('Conv')) return 0;
  return node.is('Gemm') && node.int('transB', 0) !== 0 ? 0 : 1;
}

/** One number a channel; null without a bias. */
function biasOf(node: Node, dims: readonly number[]): Float32Array | null {
  const bias = node.is('MatMul') ? null : floatConstant(node.input(2));
  if (bias === null) return null;
  const channels = dims[channelAxis(node)] ?? 0;
  const beta = node.is('Gemm') ? node.float('beta', 1) : 1;
  const { data } = bias;
  return Float32Array.from({ length: channels }, (_, c) => beta * (data[data.length === 1 ? 0 : c] ?? 0));
}

/** Constants that are added or multiplied have the type of the activations: the kernels take one type. */
function quantizeOperands(node: Node, indices: readonly number[], { parametersOf }: Quantizing): void {
  const activation = indices.map((index) => node.input(index)).find((value) => quantizedSource(value) !== null) ?? null;
  const source = quantizedSource(activation);
  const type = (source && parametersOf(source)?.type) ?? 'uint8';
  const domain = activation?.producer?.domain ?? '';
  for (const index of indices) {
    const constant = floatConstant(node.input(index));
    if (constant === null) continue;
    const name = node.input(index)?.name ?? 'operand';
    const parameters = scaleAndZeroPoint(rangeOf(constant.data), { type, symmetric: false, reduced: false });
    const integers = integersOf(type, constant.data.length);
    for (const [i, x] of constant.data.entries()) integers[i] = quantizeNumber(x, parameters);
    const { graph } = node;
    if (graph === null) continue;
    const stored = addConstant(graph, `${name}_quantized`, { type, dims: constant.dims, data: integers });
    node.setInput(index, dequantizeOf(stored, node, { ...addParameters(graph, name, parameters), domain }));
  }
}

function rangeOf(data: Float32Array) {
  let [min, max] = [0, 0];
  for (const x of data) {
    if (x < min) min = x;
    if (x > max) max = x;
  }
  return { min, max };
}
