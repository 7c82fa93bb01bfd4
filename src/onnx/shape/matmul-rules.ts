import type { DataType } from '../data-type.ts';
import type { Dimension, Shape } from '../value-type.ts';
import { broadcastShapes } from './broadcast.ts';
import { lengthOrNull, sameDimension } from './dimension.ts';
import type { NodeView, Rule } from './node-view.ts';
import type { TensorInfo } from './tensor-info.ts';
import { tensorInfo } from './tensor-info.ts';

/** numpy's matmul: vectors get an axis that goes away again, the leading axes broadcast. */
function matMulShape(a: Shape, b: Shape): Shape {
  if (a === null || b === null || a.length === 0 || b.length === 0) return null;
  const left = a.length === 1 ? [1, ...a] : a;
  const right = b.length === 1 ? [...b, 1] : b;
  const batch = broadcastShapes([left.slice(0, -2), right.slice(0, -2)]);
  if (batch === null || clash(left.at(-1) ?? null, right.at(-2) ?? null)) return null;
  const rows = a.length === 1 ? [] : [left.at(-2) ?? null];
  const columns = b.length === 1 ? [] : [right.at(-1) ?? null];
  return [...batch, ...rows, ...columns];
}

function clash(a: Dimension, b: Dimension): boolean {
  return typeof a === 'number' && typeof b === 'number' && a !== b;
}

/** A product of two inputs; where they are and the output's type differ by operator. */
function product(options: {
  readonly a: number;
  readonly b: number;
  readonly type: (node: NodeView) => DataType | null;
}): Rule {
  return (node) => [tensorInfo(options.type(node), matMulShape(node.shape(options.a), node.shape(options.b)))];
}

export const matMul = product({ a: 0, b: 1, type: (node) => node.type(0) ?? node.type(1) });
export const matMulInteger = product({ a: 0, b: 1, type: () => 'int32' });
/** Scales are as wide as the result. */
export const matMulIntegerToFloat = product({ a: 0, b: 1, type: (node) => node.type(2) });
export const dynamicQuantizeMatMul = product({ a: 0, b: 1, type: (node) => node.type(0) });
export const qLinearMatMul = product({ a: 0, b: 3, type: (node) => node.type(7) });

export const gemm: Rule = (node) => [gemmInfo(node, { a: 0, b: 1, type: node.type(0) ?? node.type(1) })];

/** onnxruntime's Gemm on integers: scales and zero points follow each operand; without an output scale it is float. */
export const qGemm: Rule = (node) => [
  gemmInfo(node, { a: 0, b: 3, type: node.has(8) ? node.type(8) : node.has(7) ? null : node.type(1) }),
];

function gemmInfo(
  node: NodeView,
  at: { readonly a: number; readonly b: number; readonly type: DataType | null },
): TensorInfo {
  const a = transposedIf(node.int('transA', 0), node.shape(at.a));
  const b = transposedIf(node.int('transB', 0), node.shape(at.b));
  const rows = a?.[0] ?? null;
  const columns = b?.[1] ?? null;
  const isBad = (a !== null && a.length !== 2) || (b !== null && b.length !== 2);
  return tensorInfo(at.type, isBad ? null : [rows, columns]);
}

function transposedIf(flag: number, shape: Shape): Shape {
  return flag !== 0 && shape !== null ? shape.toReversed() : shape;
}

/** onnxruntime's MatMul with transposed operands. */
export const fusedMatMul: Rule = (node) => {
  const isPlain = node.int('transBatchA', 0) === 0 && node.int('transBatchB', 0) === 0;
  const shape = isPlain
    ? matMulShape(
        lastTwoSwappedIf(node.int('transA', 0), node.shape(0)),
        lastTwoSwappedIf(node.int('transB', 0), node.shape(1)),
      )
    : null;
  return [tensorInfo(node.type(0), shape)];
};

/** A vector stays one. */
function lastTwoSwappedIf(flag: number, shape: Shape): Shape {
  if (flag === 0 || shape === null || shape.length < 2) return shape;
  return [...shape.slice(0, -2), shape.at(-1) ?? null, shape.at(-2) ?? null];
}

/** Weights in blocks of few bits: the attributes tell the matrix. */
export const matMulNBits: Rule = (node) => {
  const a = node.shape(0);
  const columns = lengthOrNull(node.int('N', -1));
  const isKnown = a !== null && a.length > 0 && sameDimension(a.at(-1) ?? null, node.int('K', -1)) !== null;
  return [tensorInfo(node.type(0), isKnown ? [...a.slice(0, -1), columns] : null)];
};
