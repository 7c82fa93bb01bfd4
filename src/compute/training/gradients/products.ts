import { elementCount } from '../../../onnx/dense-tensor.ts';
import type { Expr } from '../../expressions/expr.ts';
import type { Expressions } from '../../expressions/expressions.ts';
import type { GradientRules, NodeGradient } from '../gradient-rule.ts';
import { rule } from '../gradient-rule.ts';

/** dA = dY·Bᵀ and dB = Aᵀ·dY, summed over the axes along which one of them was broadcast. */
function matmulBack(view: NodeGradient): void {
  const { e } = view;
  const [a, b] = [view.input(0), view.input(1)];
  const dy = e.reshape(view.gradient(), productDims(a, b, view.output(0)));
  const [left, right] = [matrixOf(e, a, 'row'), matrixOf(e, b, 'column')];
  view.give(0, () => e.reshape(e.unbroadcast(e.matmul(dy, e.swap(right)), left.dims), a.dims));
  view.give(1, () => e.reshape(rightGradient(e, { left, right, dy }), b.dims));
}

/** A weight meets all rows of a batch: one product of two matrices instead of a sum over a batch of products. */
function rightGradient(
  e: Expressions,
  { left, right, dy }: { readonly left: Expr; readonly right: Expr; readonly dy: Expr },
): Expr {
  if (right.dims.length > 2) return e.unbroadcast(e.matmul(e.swap(left), dy), right.dims);
  const [inner = 1, columns = 1] = right.dims;
  const rows = elementCount(dy.dims) / columns;
  return e.matmul(e.swap(e.reshape(left, [rows, inner])), e.reshape(dy, [rows, columns]));
}

/** A vector on the left is a row, on the right a column. */
function matrixOf(e: Expressions, x: Expr, as: 'row' | 'column'): Expr {
  if (x.dims.length > 1) return x;
  const [length = 1] = x.dims;
  return e.reshape(x, as === 'row' ? [1, length] : [length, 1]);
}

/** The product's shape before the axes of vectors are taken out of it. */
function productDims(a: Expr, b: Expr, y: Expr): readonly number[] {
  const rows = a.dims.length > 1 ? y.dims : y.dims.toSpliced(b.dims.length > 1 ? -1 : y.dims.length, 0, 1);
  return b.dims.length > 1 ? rows : [...rows, 1];
}

/** Y = alpha·A'·B' + beta·C, A' and B' transposed where the node says so. */
function gemmBack(view: NodeGradient): void {
  const { e, node } = view;
  const alpha = node.float('alpha', 1);
  const beta = node.float('beta', 1);
  const scaled = (x: Expr, factor: number): Expr => (factor === 1 ? x : e.mul(x, factor));
  const isTurned = (name: string): boolean => node.int(name, 0) === 1;
  const dy = view.gradient();
  const straight = (x: Expr, name: string): Expr => (isTurned(name) ? e.swap(x) : x);
  view.give(0, () => {
    const b = straight(view.input(1), 'transB');
    return scaled(isTurned('transA') ? e.matmul(b, e.swap(dy)) : e.matmul(dy, e.swap(b)), alpha);
  });
  view.give(1, () => {
    const a = straight(view.input(0), 'transA');
    return scaled(isTurned('transB') ? e.matmul(e.swap(dy), a) : e.matmul(e.swap(a), dy), alpha);
  });
  if (view.hasInput(2)) view.give(2, () => scaled(e.unbroadcast(dy, view.input(2).dims), beta));
}

export const productRules: GradientRules = new Map([
  ['MatMul', rule(matmulBack)],
  ['Gemm', rule(gemmBack)],
]);
