import { elementCount } from '../../onnx/dense-tensor.ts';
import type { Node } from '../../onnx/node.ts';
import { constantOf } from '../../onnx/passes/constant-of.ts';
import type { Window } from '../../onnx/shape/window.ts';
import { windowOf } from '../../onnx/shape/window.ts';

/** A layer as products of rows with a constant matrix. */
export interface LayerProduct {
  /** See `LayerSums`. */
  readonly groups: number;
  readonly columns: number;
  readonly outputs: number;
  /** How a convolution slides; null where the rows are those of the last axis. */
  readonly window: KernelWindow | null;
}

export interface KernelWindow extends Window {
  readonly kernel: readonly number[];
}

/** Why there are no sums of a layer. */
export type LayerRefusal =
  /** No node of the main graph of both models has the name. */
  | 'not-found'
  /** Neither Conv nor Gemm nor MatMul. */
  | 'operator'
  | 'weight-not-constant'
  /** MatMul with a matrix for each sample. */
  | 'batched-weight'
  /** Gemm that transposes what it reads. */
  | 'transposed-input'
  /** Attributes that do not fit the weight. */
  | 'attributes'
  /** The runtime does not run it. */
  | 'runtime';

/** Reads a layer off its node. */
export function layerProductOf(node: Node): LayerProduct | LayerRefusal {
  if (!node.is('Conv', 'Gemm', 'MatMul')) return 'operator';
  const dims = constantOf(node.input(1))?.dims ?? null;
  if (dims === null) return 'weight-not-constant';
  if (node.is('Conv')) return convolutionOf(node, dims);
  if (dims.length !== 2) return 'batched-weight';
  if (node.int('transA', 0) !== 0) return 'transposed-input';
  const [columns = 0, outputs = 0] = node.int('transB', 0) === 0 ? dims : dims.toReversed();
  return { groups: 1, columns, outputs, window: null };
}

function convolutionOf(node: Node, dims: readonly number[]): LayerProduct | LayerRefusal {
  const [outputs = 0, channels = 0, ...kernel] = dims;
  const groups = node.int('group', 1);
  const window = windowOf(node, kernel);
  if (window === null || kernel.length === 0 || groups < 1 || outputs % groups !== 0) return 'attributes';
  return { groups, columns: channels * elementCount(kernel), outputs: outputs / groups, window: { ...window, kernel } };
}
