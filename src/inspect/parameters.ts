import type { DataType } from '../onnx/data-type.ts';
import type { Model } from '../onnx/model.ts';
import type { Node } from '../onnx/node.ts';
import type { SparseTensor, Tensor } from '../onnx/tensor.ts';
import { allGraphs } from '../onnx/traverse.ts';
import type { Value } from '../onnx/value.ts';

/** A constant of a model: an initializer or a Constant node's value, in any graph or function. */
export interface ModelConstant {
  readonly name: string;
  readonly type: DataType;
  readonly dims: readonly number[];
  readonly elements: number;
  readonly bytes: number;
  /** Weights it holds: its elements, more where several are packed into one, none for what is no weight. */
  readonly parameters: number;
  /** Its data; null for lists of numbers in attributes and for sparse tensors. */
  readonly tensor: Tensor | null;
}

/** Every constant of a model. */
export function* constantsOf(model: Model): Generator<ModelConstant, void, undefined> {
  for (const graph of allGraphs(model)) {
    for (const value of graph.initializers) if (value.tensor !== null) yield constantOf(value, value.tensor);
    for (const node of graph.nodes()) {
      const [output] = node.outputs;
      const tensor = output && node.is('Constant') ? tensorOfNode(node) : null;
      if (output && tensor !== null) yield constantOf(output, tensor);
    }
  }
}

function constantOf(value: Value, tensor: Tensor | SparseTensor): ModelConstant {
  return {
    name: value.name,
    type: tensor.type,
    dims: tensor.dims,
    elements: tensor.elementCount,
    bytes: tensor.byteLength,
    parameters: parametersOf(value, tensor),
    tensor: tensor.kind === 'dense' ? tensor : null,
  };
}

/** The tensor of a Constant node; numbers and strings in its attributes are too small to matter. */
export function tensorOfNode(node: Node): Tensor | SparseTensor | null {
  const dense = node.attributes.get('value');
  if (dense?.kind === 'tensor') return dense.value;
  const sparse = node.attributes.get('sparse_value');
  return sparse?.kind === 'sparse-tensor' ? sparse.value : null;
}

/** Shapes, indices, masks and texts are no weights. */
const noWeights: ReadonlySet<DataType> = new Set(['int64', 'bool', 'string']);

function parametersOf(value: Value, tensor: Tensor | SparseTensor): number {
  if (noWeights.has(tensor.type)) return 0;
  if (tensor.kind === 'sparse') return tensor.values.elementCount;
  const packed = value.uses.find(({ node, index }) => index === 1 && node.op === 'MatMulNBits');
  // Weights of few bits, packed into bytes: the node's attributes tell how many there are.
  return packed === undefined ? tensor.elementCount : packed.node.int('K', 0) * packed.node.int('N', 0);
}

/** What a model's constants are in all. */
export interface ParameterTotals {
  readonly parameters: number;
  readonly bytes: number;
  readonly tensors: number;
  readonly byType: readonly TypeTotal[];
}

export interface TypeTotal {
  readonly type: DataType;
  readonly tensors: number;
  readonly elements: number;
  readonly bytes: number;
}

export function parameterTotals(constants: readonly ModelConstant[]): ParameterTotals {
  const byType = new Map<DataType, TypeTotal>();
  for (const { type, elements, bytes } of constants) {
    const old = byType.get(type) ?? { type, tensors: 0, elements: 0, bytes: 0 };
    byType.set(type, {
      type,
      tensors: old.tensors + 1,
      elements: old.elements + elements,
      bytes: old.bytes + bytes,
    });
  }
  return {
    parameters: constants.reduce((sum, constant) => sum + constant.parameters, 0),
    bytes: constants.reduce((sum, constant) => sum + constant.bytes, 0),
    tensors: constants.length,
    byType: [...byType.values()].toSorted((a, b) => b.bytes - a.bytes),
  };
}

/** The largest constants, the largest first. */
export function largestConstants(constants: readonly ModelConstant[], count: number): readonly ModelConstant[] {
  return constants.toSorted((a, b) => b.bytes - a.bytes || (a.name < b.name ? -1 : 1)).slice(0, count);
}
