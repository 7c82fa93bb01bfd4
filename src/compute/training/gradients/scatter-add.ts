import type { Expr } from '../../expressions/expr.ts';
import type { Expressions } from '../../expressions/expressions.ts';

export interface ScatterAdd {
  /** [outer, count, inner] */
  readonly updates: Expr;
  /** Where along the axis each of the `count` goes: int64 or int32, [1, count] or [outer, count]; below 0 counts back. */
  readonly indices: Expr;
  /** Length of the axis. */
  readonly length: number;
}

/** An axis up to this long is met by a product with a matrix of zeros and ones, which is faster than single additions. */
const shortAxis = 256;

/**
 * Zeros of [outer, length, inner] to which each update is added at its index: the transpose of a gather.
 *
 * ScatterND is not used: with `reduction` onnxruntime's processor provider (1.30) adds on several threads at once and
 * loses updates that meet.
 */
export function scatterAdd(e: Expressions, { updates, indices, length }: ScatterAdd): Expr {
  const [outer = 1, count = 1, inner = 1] = updates.dims;
  if (length <= shortAxis) return e.matmul(hitsOf(e, indices, { length, like: updates }), updates);
  const spread = e.expand(e.reshape(indices, [...indices.dims, 1]), [outer, count, inner]);
  return scatterElements(e, { indices: spread, updates, dims: [outer, length, inner], axis: 1 });
}

/** [.., length, count]: 1 where the index of a column is the row. */
function hitsOf(
  e: Expressions,
  indices: Expr,
  { length, like }: { readonly length: number; readonly like: Expr },
): Expr {
  const [outer = 1, count = 1] = indices.dims;
  const all = e.constant({
    type: 'int64',
    dims: [length, 1],
    data: BigInt64Array.from({ length }, (_, i) => BigInt(i)),
  });
  const fromFront = positive(e, e.cast(indices, 'int64'), length);
  const hits = e.compare('Equal', e.reshape(fromFront, [outer, 1, count]), all);
  return e.indicatorLike(like, hits);
}

/** Indices counted from the front. */
export function positive(e: Expressions, indices: Expr, length: number): Expr {
  return e.op('Mod', [indices, e.scalarLike(indices, length)], indices);
}

export interface ScatterElements {
  readonly indices: Expr;
  readonly updates: Expr;
  readonly dims: readonly number[];
  readonly axis: number;
}

/** Zeros to which each update is added where its index along an axis says; onnxruntime adds no halves. */
export function scatterElements(e: Expressions, { indices, updates, dims, axis }: ScatterElements): Expr {
  const added = e.cast(updates, 'float32');
  const attributes = { axis, reduction: 'add' };
  const sums = e.op('ScatterElements', [e.zeros(dims), indices, added], { type: 'float32', dims, attributes });
  return e.cast(sums, updates.type);
}
