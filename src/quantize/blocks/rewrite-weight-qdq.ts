import { attributeOf } from '../../onnx/attribute.ts';
import type { Graph } from '../../onnx/graph.ts';
import type { Model } from '../../onnx/model.ts';
import type { Node } from '../../onnx/node.ts';
import { Tensor } from '../../onnx/tensor.ts';
import type { Value } from '../../onnx/value.ts';
import { channelIntegers, channelScales } from './channel-integers.ts';
import { dropUnused } from './constants-in-use.ts';

/** Per-channel DequantizeLinear is there from this operator set on. */
const leastOpset = 13;

/** Where a node reads a constant weight, and along which axis of it the output's channels lie. */
interface WeightUse {
  readonly value: Value;
  readonly tensor: Tensor;
  readonly axis: number;
  /** What reads the initializer: the node itself, or a Transpose before it. */
  readonly reader: Node;
  readonly index: number;
}

/**
 * Stores the weights of MatMul, Gemm, Conv, ConvTranspose and Gather (of rows) as int8 with a scale for each channel
 * and a DequantizeLinear behind: a quarter of the size. Nodes that read the same initializer along the same axis share
 * one. The integers are computed while the model is saved. Says how many of the nodes were rewritten: not those whose
 * weight is no constant of float32, and none before opset 13. Throws RangeError for weights that are not finite.
 *
 * onnxruntime turns a MatMul or Gemm over such a weight into MatMulNBits of 8 bits at load, and dequantizes those of
 * all others at each run.
 */
export function rewriteWeightQdq(model: Model, nodes: Iterable<Node>): number {
  if (model.opset < leastOpset) return 0;
  const wanted = new Set(nodes);
  const uses = [...wanted].flatMap((node) => weightUseOf(node, wanted) ?? []);
  const made = new Map<Value, Map<number, Value>>();
  for (const use of uses) {
    const known = made.get(use.value) ?? new Map<number, Value>();
    const dequantized = known.get(use.axis) ?? dequantize(use);
    made.set(use.value, known.set(use.axis, dequantized));
    use.reader.setInput(use.index, dequantized);
  }
  for (const value of made.keys()) dropUnused(value);
  return uses.length;
}

function weightUseOf(node: Node, wanted: ReadonlySet<Node>): WeightUse | null {
  const index = node.is('Gather') ? 0 : 1;
  const read = node.input(index);
  const transpose = read?.producer?.is('Transpose') ? read.producer : null;
  const value = transpose === null ? read : transpose.input(0);
  const tensor = value?.constant;
  if (!read || !value || tensor?.type !== 'float32' || tensor.dims.length < 2 || tensor.elementCount === 0) return null;
  const { length: rank } = tensor.dims;
  const axis = channelAxis(node, rank);
  if (axis === null) return null;
  if (transpose === null) return { value, tensor, axis, reader: node, index };
  // Everybody behind the Transpose gets the rounded weights: all of them must want them, by the same channels.
  const isForAll = read.uses.every((use) => wanted.has(use.node) && channelAxis(use.node, rank) === axis);
  if (read.isOutput || !isForAll) return null;
  const order = transpose.ints('perm') ?? tensor.dims.map((_, at) => rank - 1 - at);
  return { value, tensor, axis: order[axis] ?? 0, reader: transpose, index: 0 };
}

/** onnxruntime's choice (quantization/operators): the axis that the weights are not summed over. */
function channelAxis(node: Node, rank: number): number | null {
  if (node.is('MatMul')) return rank - 1;
  if (node.is('Gemm')) return node.int('transB', 0) === 0 ? 1 : 0;
  if (node.is('Conv')) return 0;
  if (node.is('ConvTranspose')) return 1;
  if (node.is('Gather')) return node.int('axis', 0) === 0 ? 0 : null;
  return null;
}

function dequantize({ value, tensor, axis }: WeightUse): Value {
  const { graph, name } = value;
  const scales = channelScales(tensor, axis);
  const produce = () => {
    const { buffer } = channelIntegers(tensor, { axis, scales });
    return [new Uint8Array(buffer)];
  };
  const integers = new Tensor({ type: 'int8', dims: tensor.dims, storage: { kind: 'derived', produce } });
  const dims = [scales.length];
  return dequantizeLinear(graph, name, {
    inputs: [
      graph.addInitializer(`${name}_q8`, integers),
      graph.addInitializer(`${name}_scale`, Tensor.fromDense({ type: 'float32', dims, data: scales })),
      graph.addInitializer(
        `${name}_zero_point`,
        Tensor.fromDense({ type: 'int8', dims, data: new Int8Array(scales.length) }),
      ),
    ],
    axis,
  });
}

function dequantizeLinear(
  graph: Graph,
  name: string,
  { inputs, axis }: { readonly inputs: readonly Value[]; readonly axis: number },
): Value {
  const node = graph.insertBefore(graph.firstNode, {
    op: 'DequantizeLinear',
    inputs,
    outputs: [`${name}_dequantized`],
    attributes: [attributeOf.int('axis', axis)],
  });
  const output = node.output(0);
  if (output === null) throw new RangeError('a node has one output at least');
  return output;
}
