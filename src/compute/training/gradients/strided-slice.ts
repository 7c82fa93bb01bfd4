import type { Expr } from '../../expressions/expr.ts';
import type { Expressions } from '../../expressions/expressions.ts';

/** Elements of one axis: `length` of them from `start` on, `step` apart; a step below zero walks backwards. */
export interface AxisStride {
  readonly axis: number;
  readonly start: number;
  readonly step: number;
  readonly length: number;
}

/** One Slice over several axes, which must hold what is asked for. Axes that are taken whole cost nothing. */
export function stridedSlice(e: Expressions, x: Expr, strides: readonly AxisStride[]): Expr {
  const taken = strides.filter(({ axis, start, step, length }) => start !== 0 || step !== 1 || length !== x.dims[axis]);
  if (taken.length === 0) return x;
  const dims = x.dims.map((dim, axis) => taken.find((stride) => stride.axis === axis)?.length ?? dim);
  const inputs = [
    taken.map(({ start }) => start),
    taken.map(endOf),
    taken.map(({ axis }) => axis),
    taken.map(({ step }) => step),
  ];
  return e.op('Slice', [x, ...inputs.map((numbers) => e.longs(numbers))], { type: x.type, dims });
}

/** A walk backwards ends before element 0, which Slice takes for the last one if it is told -1. */
function endOf({ start, step, length }: AxisStride): number {
  const end = start + (length - 1) * step + Math.sign(step);
  return end < 0 ? -(2 ** 31) : end;
}
