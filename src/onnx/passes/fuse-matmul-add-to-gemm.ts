import type { Node } from '../node.ts';
import type { PurePass } from '../pass.ts';
import type { Value } from '../value.ts';
import type { Shape } from '../value-type.ts';
import { constantOperationOf } from './constant-operation.ts';
import { floatConstantOf } from './float-constant.ts';
import type { ShapeOf } from './inferred-shapes.ts';
import { inferredShapes } from './inferred-shapes.ts';
import { redirect } from './redirect.ts';
import { rewriteNodes } from './rewrite-nodes.ts';

/**
 * `Add(MatMul(A, B), c)` becomes `Gemm(A, B, c)` where A is known to be a matrix and B `[K, N]` and c are constant. It
 * makes one node of two; onnxruntime does the same while it loads.
 *
 * Left alone: A of another or an unknown rank, which would need a Reshape before and behind; c that does not broadcast
 * to the product's own shape `[M, N]`; constants that are not float16, float32 or float64, and c that a Constant node
 * makes, perhaps behind the MatMul; a product that somebody else reads or the graph returns; operator sets before 7,
 * whose Gemm broadcasts by an attribute; function bodies.
 */
export const fuseMatMulAddToGemm: PurePass = {
  name: 'fuse-matmul-add-to-gemm',
  apply(model) {
    const shapeOf = inferredShapes(model);
    return rewriteNodes(model, (node) => node.is('MatMul') && fuse(node, shapeOf));
  },
};

function fuse(product: Node, shapeOf: ShapeOf): boolean {
  const output = product.output(0);
  const sum = output?.onlyUser;
  if (!output || !sum?.is('Add') || sum.graph !== product.graph) return false;
  const term = termOf(sum, output);
  const wanted = sum.output(0);
  if (term === null || wanted === null) return false;
  if (!fits(term, { left: shapeOf(product.input(0)), right: floatConstantOf(product.input(1))?.dims ?? null }))
    return false;
  if (!redirect(wanted, output)) return false;
  sum.graph?.remove(sum);
  product.setInput(2, term);
  product.setOp('Gemm');
  return true;
}

/** The initializer that is added. */
function termOf(sum: Node, output: Value): Value | null {
  const operation = constantOperationOf(sum);
  if (operation === null || operation.input !== output) return null;
  const term = sum.input(operation.constantIndex);
  return term?.producer === null ? term : null;
}

/** Whether the product is one of matrices and the term broadcasts to its shape. */
function fits(term: Value, { left, right }: { readonly left: Shape; readonly right: Shape }): boolean {
  if (left?.length !== 2 || right?.length !== 2 || right.includes(0)) return false;
  const dims = floatConstantOf(term)?.dims ?? [];
  const [rows, columns] = [dims.at(-2) ?? 1, dims.at(-1) ?? 1];
  return dims.length <= 2 && (rows === 1 || rows === left[0]) && (columns === 1 || columns === right[1]);
}
