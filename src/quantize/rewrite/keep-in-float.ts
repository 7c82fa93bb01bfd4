import { attributeOf } from '../../onnx/attribute.ts';
import type { Node } from '../../onnx/node.ts';
import { constantOf } from '../../onnx/passes/constant-of.ts';
import type { Value } from '../../onnx/value.ts';
import type { QuantizationParameters } from '../numeric/scale-and-zero-point.ts';
import { integersOf } from '../numeric/scale-and-zero-point.ts';
import { addConstant } from './weights.ts';

/**
 * Keeps float layers float that stand between integers: onnxruntime would quantize the weights of Conv, ConvTranspose
 * and Gemm itself, with one scale for all channels, wherever their input has one scale and their output is quantized
 * (weight_bias_quantization.cc). To keep it from that, they get a DequantizeLinear of their own that names the scale
 * once for every channel. `real` is what a DequantizeLinear makes.
 */
export function keepInFloat(real: Value, parameters: QuantizationParameters): void {
  for (const { node, index } of real.uses)
    if (index === 0 && node.graph === real.graph && isQuantizedByRuntime(node)) readByChannel(node, parameters);
}

function isQuantizedByRuntime(node: Node): boolean {
  return (
    node.is('Conv', 'ConvTranspose', 'Gemm') && constantOf(node.input(1))?.type === 'float32' && leadsToIntegers(node)
  );
}

/** Whether its output, through Relu and Clip, is only quantized. */
function leadsToIntegers(node: Node): boolean {
  const output = node.output(0);
  const next = output?.useCount === 1 ? output.onlyUser : null;
  if (next === null) return false;
  return next.op === 'QuantizeLinear' || (next.is('Relu', 'Clip') && leadsToIntegers(next));
}

function readByChannel(node: Node, { type, scale, zeroPoint }: QuantizationParameters): void {
  const { graph } = node;
  const pair = node.input(0)?.producer ?? null;
  const { axis, channels } = channelsRead(node);
  if (graph === null || pair === null || channels < 2) return;
  const name = pair.input(0)?.name ?? 'activation';
  const scales = new Float32Array(channels).fill(scale);
  const zeros = integersOf(type, channels).fill(zeroPoint);
  const made = graph.insertBefore(node, {
    op: 'DequantizeLinear',
    domain: pair.domain,
    inputs: [
      pair.input(0),
      addConstant(graph, `${name}_scales`, { type: 'float32', dims: [channels], data: scales }),
      addConstant(graph, `${name}_zero_points`, { type, dims: [channels], data: zeros }),
    ],
    outputs: [`${name}_by_channel`],
    name: graph.names.uniqueNode(`${name}_DequantizeLinear`),
    attributes: [attributeOf.int('axis', axis)],
  });
  node.setInput(0, made.output(0));
}

/** The axis of the input that the weights are summed along. */
function channelsRead(node: Node): { readonly axis: number; readonly channels: number } {
  const [rows = 0, columns = 0] = constantOf(node.input(1))?.dims ?? [];
  if (node.is('Conv')) return { axis: 1, channels: columns * node.int('group', 1) };
  if (node.is('ConvTranspose')) return { axis: 1, channels: rows };
  const axis = node.int('transA', 0) === 0 ? 1 : 0;
  return { axis, channels: node.int('transB', 0) === 0 ? rows : columns };
}
