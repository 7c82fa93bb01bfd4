import { attributeOf } from '../../onnx/attribute.ts';
import type { DenseTensor } from '../../onnx/dense-tensor.ts';
import type { Graph } from '../../onnx/graph.ts';
import type { Node } from '../../onnx/node.ts';
import type { Value } from '../../onnx/value.ts';
import type { QuantizationParameters } from '../numeric/scale-and-zero-point.ts';
import { integersOf } from '../numeric/scale-and-zero-point.ts';
import { addConstant } from './weights.ts';

/** Scale and zero point as constants of a graph. */
export interface ParameterValues {
  readonly scale: Value;
  readonly zeroPoint: Value;
}

/** Puts parameters into a graph. The zero point is always there: onnxruntime fuses nothing without it. */
export function addParameters(graph: Graph, name: string, parameters: QuantizationParameters): ParameterValues {
  const zero = integersOf(parameters.type, 1).fill(parameters.zeroPoint);
  return {
    scale: addConstant(graph, `${name}_scale`, { type: 'float32', dims: [], data: Float32Array.of(parameters.scale) }),
    zeroPoint: addConstant(graph, `${name}_zero_point`, { type: parameters.type, dims: [], data: zero }),
  };
}

/** 16-bit integers came to the standard operators with opset 21; before, onnxruntime has its own. */
export function quantizeDomain(type: string, opset: number): string {
  return type.endsWith('16') && opset < 21 ? 'com.microsoft' : '';
}

/** QuantizeLinear and DequantizeLinear, one behind the other. Nobody reads them yet. */
export interface Pair {
  readonly quantize: Node;
  readonly real: Value;
}

export interface PairOptions {
  /** Of both nodes. */
  readonly domain: string;
  /** Where the readers are; the value's own graph unless given. onnxruntime fuses no pair from outside into a body. */
  readonly graph?: Graph;
}

/** Adds a pair for a value: right behind what makes it, or at the start of a body that reads it from outside. */
export function addPair(value: Value, { scale, zeroPoint }: ParameterValues, options: PairOptions): Pair {
  const { domain, graph = value.graph } = options;
  const { name } = value;
  const specOf = (op: string, input: Value, as: string) => ({
    op,
    domain,
    inputs: [input, scale, zeroPoint],
    outputs: [as],
    name: graph.names.uniqueNode(`${name}_${op}`),
  });
  const first = specOf('QuantizeLinear', value, `${name}_quantized`);
  const maker = value.graph === graph ? value.producer : null;
  const quantize = maker === null ? graph.insertBefore(graph.firstNode, first) : graph.insertAfter(maker, first);
  const integers = outputOf(quantize);
  const dequantize = graph.insertAfter(quantize, specOf('DequantizeLinear', integers, `${name}_dequantized`));
  return { quantize, real: outputOf(dequantize) };
}

/** A constant in integers behind a DequantizeLinear of its own, right before the node that reads it. */
export function addDequantized(
  before: Node,
  name: string,
  {
    integers,
    scales,
    axis,
  }: { readonly integers: DenseTensor; readonly scales: Float32Array; readonly axis: number | null },
): Value {
  const { graph } = before;
  if (graph === null) throw new RangeError(`node '${before.name}' is in no graph`);
  const shape = axis === null ? [] : [scales.length];
  const type = integers.type;
  const zeros = type === 'int32' ? new Int32Array(scales.length) : new Int8Array(scales.length);
  const node = graph.insertBefore(before, {
    op: 'DequantizeLinear',
    inputs: [
      addConstant(graph, `${name}_quantized`, integers),
      addConstant(graph, `${name}_scale`, { type: 'float32', dims: shape, data: scales }),
      addConstant(graph, `${name}_zero_point`, { type, dims: shape, data: zeros }),
    ],
    outputs: [`${name}_dequantized`],
    name: graph.names.uniqueNode(`${name}_DequantizeLinear`),
    attributes: axis === null ? [] : [attributeOf.int('axis', axis)],
  });
  return outputOf(node);
}

/** The real values of an integer constant, by parameters of its own, right before the node that reads them. */
export function dequantizeOf(
  integers: Value,
  before: Node,
  { scale, zeroPoint, domain }: ParameterValues & { readonly domain: string },
): Value {
  const { graph, name } = integers;
  return outputOf(
    graph.insertBefore(before, {
      op: 'DequantizeLinear',
      domain,
      inputs: [integers, scale, zeroPoint],
      outputs: [`${name}_dequantized`],
      name: graph.names.uniqueNode(`${name}_DequantizeLinear`),
    }),
  );
}

function outputOf(node: Node): Value {
  const output = node.output(0);
  if (output === null) throw new RangeError('a node has at least one output');
  return output;
}
