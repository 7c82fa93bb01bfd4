import type { ShapeOf } from '../../onnx/passes/inferred-shapes.ts';
import type { Node } from '../../onnx/node.ts';
import type { Tensor } from '../../onnx/tensor.ts';
import type { Value } from '../../onnx/value.ts';
import { floatsOf } from './floats-of.ts';
import type { WeightMatrix } from './weight-matrix.ts';

/** The constant float32 weight `[K, N]` of a MatMul or Gemm. */
export interface ProductWeight {
  /** The initializer. Others may read it too. */
  readonly value: Value;
  readonly tensor: Tensor;
  readonly k: number;
  readonly n: number;
  /** Whether the initializer holds `[N, K]`: Gemm's transB, or a Transpose between. */
  readonly isTransposed: boolean;
  /** Axes of length 1 before `[K, N]`. */
  readonly leadingAxes: number;
}

/**
 * The weight of a product that MatMulNBits can do: of MatMul with a matrix (perhaps under axes of length 1), or of
 * `Gemm` with alpha and beta 1 and A as it is. The initializer may be read through a Transpose. Null for all else.
 */
export function productWeight(node: Node): ProductWeight | null {
  const isGemm = node.is('Gemm');
  if (!isGemm && !node.is('MatMul')) return null;
  if (isGemm && !isPlainGemm(node)) return null;
  const source = sourceOf(node.input(1));
  if (source === null || (isGemm && source.tensor.dims.length !== 2)) return null;
  const { value, tensor } = source;
  const leading = tensor.dims.slice(0, -2);
  const [rows = 0, columns = 0] = tensor.dims.slice(-2);
  if (leading.some((dim) => dim !== 1) || rows === 0 || columns === 0) return null;
  const isTransposed = source.isTransposed !== (isGemm && node.int('transB', 0) !== 0);
  const [k, n] = isTransposed ? [columns, rows] : [rows, columns];
  return { value, tensor, k, n, isTransposed, leadingAxes: leading.length };
}

/** The weight's elements, loaded. Throws ModelError when the file does not hold them. */
export function loadWeight({ tensor, k, n, isTransposed }: ProductWeight): WeightMatrix {
  return { data: floatsOf(tensor), k, n, isTransposed };
}

function isPlainGemm(node: Node): boolean {
  const isScaled = node.float('alpha', 1) !== 1 || (node.input(2) !== null && node.float('beta', 1) !== 1);
  return !isScaled && node.int('transA', 0) === 0;
}

interface Source {
  readonly value: Value;
  readonly tensor: Tensor;
  readonly isTransposed: boolean;
}

function sourceOf(value: Value | null): Source | null {
  if (value === null) return null;
  const transpose = value.producer;
  const read = transpose === null ? value : isMatrixTranspose(transpose) ? transpose.input(0) : null;
  const tensor = read?.constant;
  if (!read || tensor?.type !== 'float32' || tensor.dims.length < 2) return null;
  if (transpose !== null && tensor.dims.length !== 2) return null;
  return { value: read, tensor, isTransposed: transpose !== null };
}

function isMatrixTranspose(node: Node): boolean {
  if (!node.is('Transpose')) return false;
  const order = node.ints('perm');
  return order === null || (order.length === 2 && order[0] === 1 && order[1] === 0);
}

/**
 * Axes that a MatMul's output has beyond its left input, for a weight under axes of length 1. Null where the left
 * input's rank is not known.
 */
export function missingAxes(node: Node, { leadingAxes }: ProductWeight, shapeOf: ShapeOf | null): number | null {
  if (leadingAxes === 0) return 0;
  const left = node.input(0);
  const type = left?.type;
  const shape = shapeOf?.(left) ?? (type?.kind === 'tensor' ? type.shape : null);
  return shape === null ? null : Math.max(0, leadingAxes + 2 - Math.max(2, shape.length));
}
