import type { Node } from '../../onnx/node.ts';
import { numbersOf } from '../../onnx/tensor-types/numbers-of.ts';
import type { Value } from '../../onnx/value.ts';
import type { LinearLayer } from '../numeric/least-squares-sums.ts';

/** A layer as least squares read it, with the lengths of its weight. */
export interface LayerWeights extends LinearLayer {
  /** Input channels or features; of a grouped convolution those of one group. */
  readonly inputs: number;
  /** Kernel places; 1 for products. A row of `weights` has `inputs * taps` columns, in the order c, kh, kw. */
  readonly taps: number;
  readonly outputs: number;
}

/** Where a layer's weight and bias are. */
export interface LayerSlots {
  readonly weight: Value;
  /** The node and the input that hold the bias: itself, or the Add behind a MatMul; `value` is null where it could have one. */
  readonly bias: { readonly node: Node; readonly input: number; readonly value: Value | null } | null;
  /** Whether the weight lies as [outputs, inputs, ...taps] rather than [inputs, outputs]. */
  readonly outputsFirst: boolean;
}

/** Slots of a Conv, Gemm or MatMul with a constant float32 weight; null for others and for forms that are not read here. */
export function layerSlots(node: Node): LayerSlots | null {
  const weight = node.input(1);
  const rank = weight?.constant?.dims.length ?? 0;
  if (weight?.constant?.type !== 'float32' || rank < 2) return null;
  if (node.is('Conv')) return { weight, bias: ownBias(node), outputsFirst: true };
  if (rank !== 2) return null;
  if (node.is('MatMul')) return { weight, bias: addedBias(node), outputsFirst: false };
  if (!node.is('Gemm') || node.int('transA', 0) !== 0 || node.float('alpha', 1) !== 1) return null;
  const isPlain = node.float('beta', 1) === 1;
  return { weight, bias: isPlain ? ownBias(node) : null, outputsFirst: node.int('transB', 0) !== 0 };
}

/** Where it has none, one can be put in. */
function ownBias(node: Node): LayerSlots['bias'] {
  const value = node.input(2);
  return value === null || value.constant !== null ? { node, input: 2, value } : null;
}

/** The constant that an Add behind the product adds to each output. */
function addedBias(node: Node): LayerSlots['bias'] {
  const output = node.output(0);
  const add = output?.onlyUser ?? null;
  if (add === null || !add.is('Add')) return null;
  const input = add.input(0) === output ? 1 : 0;
  const value = add.input(input);
  const dims = value?.constant?.dims ?? [];
  return dims.length === 1 && dims[0] === node.input(1)?.constant?.dims[1] ? { node: add, input, value } : null;
}

/** Reads a layer; null where `layerSlots` is. Throws ModelError when a stored weight is not where the model says. */
export function readLayer(node: Node): LayerWeights | null {
  const slots = layerSlots(node);
  const tensor = slots?.weight.constant ?? null;
  if (slots === null || tensor === null) return null;
  const numbers = Float32Array.from<number>(numbersOf(tensor));
  const [first = 1, second = 1, ...kernel] = tensor.dims;
  const taps = kernel.reduce((product, length) => product * length, 1);
  const [outputs, inputs] = slots.outputsFirst ? [first, second] : [second, first];
  const weights = slots.outputsFirst ? numbers : flipped(numbers, inputs, outputs);
  return { inputs, taps, outputs, weights, bias: biasOf(slots, outputs) };
}

function biasOf({ bias }: LayerSlots, outputs: number): Float32Array | null {
  const tensor = bias?.value?.constant ?? null;
  if (tensor === null) return null;
  const numbers = Float32Array.from<number>(numbersOf(tensor));
  if (numbers.length === outputs) return numbers;
  return numbers.length === 1 ? new Float32Array(outputs).fill(numbers[0] ?? 0) : null;
}

/** [rows, columns] as [columns, rows]. */
export function flipped(matrix: Float32Array, rows: number, columns: number): Float32Array {
  const result = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) result[column * rows + row] = matrix[row * columns + column] ?? 0;
  return result;
}
