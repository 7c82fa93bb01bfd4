import type { Node } from '../../onnx/node.ts';
import { constantOf } from '../../onnx/passes/constant-of.ts';
import type { Value } from '../../onnx/value.ts';
import { floatConstant } from './weights.ts';

/** A product with a constant matrix, whatever operator writes it: y = x · W + bias. */
export interface ProductLayer {
  readonly node: Node;
  readonly input: Value;
  readonly weight: Value;
  /** W is stored as [N, K]. */
  readonly isTransposed: boolean;
  /** W is to be multiplied by it. */
  readonly alpha: number;
  /** The constant that is added, to be multiplied by `beta`; null where there is none. */
  readonly bias: Value | null;
  readonly beta: number;
}

/**
 * MatMul with a constant float32 matrix [K, N], or Gemm with one and a bias that is missing or constant and as long as a
 * row of the result (or one number). Null for others.
 */
export function productLayerOf(node: Node): ProductLayer | null {
  const [input = null, weight = null] = node.inputs;
  if (!node.is('MatMul', 'Gemm') || input === null || weight === null || constantOf(input) !== null) return null;
  const matrix = constantOf(weight);
  if (matrix === null || matrix.type !== 'float32' || matrix.dims.length !== 2 || matrix.elementCount === 0)
    return null;
  const plain = { node, input, weight, isTransposed: false, alpha: 1, bias: null, beta: 1 };
  if (node.is('MatMul')) return plain;
  const isTransposed = node.int('transB', 0) !== 0;
  const bias = node.input(2);
  const columns = matrix.dims[isTransposed ? 0 : 1] ?? 0;
  if (node.int('transA', 0) !== 0 || (bias !== null && !isRow(bias, columns))) return null;
  return { ...plain, isTransposed, alpha: node.float('alpha', 1), bias, beta: node.float('beta', 1) };
}

function isRow(bias: Value, columns: number): boolean {
  const tensor = constantOf(bias);
  if (tensor === null || tensor.type !== 'float32') return false;
  const isLong = tensor.dims.at(-1) === columns && tensor.elementCount === columns;
  return isLong || tensor.elementCount === 1;
}

/** The bias of a layer as one number a column, `beta` multiplied in; null where there is none. */
export function rowOf({ bias, beta }: ProductLayer, columns: number): Float32Array | null {
  const constant = floatConstant(bias);
  if (constant === null) return null;
  const { data } = constant;
  return Float32Array.from({ length: columns }, (_, c) => beta * (data[data.length === 1 ? 0 : c] ?? 0));
}

/** The weight of a layer as [K, N], `alpha` multiplied in. Loads it. */
export function matrixOf({ weight, isTransposed, alpha }: ProductLayer): {
  readonly dims: readonly [number, number];
  readonly data: Float32Array;
} {
  const { dims, data } = floatConstant(weight) ?? { dims: [0, 0], data: new Float32Array() };
  const [rows = 0, columns = 0] = dims;
  const scaled = alpha === 1 ? data : data.map((x) => alpha * x);
  if (!isTransposed) return { dims: [rows, columns], data: scaled };
  return { dims: [columns, rows], data: transposed(scaled, rows, columns) };
}

/** In tiles, so that neither reading nor writing jumps through memory. */
function transposed(data: Float32Array, rows: number, columns: number): Float32Array {
  const tile = 32;
  const result = new Float32Array(data.length);
  for (let top = 0; top < rows; top += tile)
    for (let left = 0; left < columns; left += tile)
      for (let r = top; r < Math.min(rows, top + tile); r++)
        for (let c = left; c < Math.min(columns, left + tile); c++) result[c * rows + r] = data[r * columns + c] ?? 0;
  return result;
}
