import type { Expr } from '../../expressions/expr.ts';
import { frontAxis } from '../../expressions/expr.ts';
import type { Expressions } from '../../expressions/expressions.ts';
import type { GradientRules, NodeGradient } from '../gradient-rule.ts';
import { rule } from '../gradient-rule.ts';
import type { AxisStride } from './strided-slice.ts';
import { stridedSlice } from './strided-slice.ts';

/** Slices, with any steps. */
export const slicingRules: GradientRules = new Map([['Slice', rule(sliceBack, sliceProblem)]]);

function sliceProblem(view: NodeGradient): string | null {
  const isKnown = [1, 2, 3, 4].every((index) => !view.hasInput(index) || view.constant(index) !== null);
  return isKnown ? null : 'its starts, ends, axes or steps are no constants';
}

/** Zeros where nothing was read. */
function sliceBack(view: NodeGradient): void {
  const { e } = view;
  const { dims } = view.input(0);
  const strides = stridesOf(view);
  view.give(0, () => {
    const forward = stridedSlice(e, view.gradient(), strides.filter(({ step }) => step < 0).map(reversal));
    const ascending = strides.map(ascend);
    const spread = ascending.reduce((x, stride) => spreadOut(e, x, stride), forward);
    const before = dims.map((_, axis) => ascending.find((stride) => stride.axis === axis)?.start ?? 0);
    // What a step's last gap adds beyond the end is cut off here: an amount below zero.
    const after = dims.map((dim, axis) => dim - (before[axis] ?? 0) - (spread.dims[axis] ?? 0));
    return e.pad(spread, before, after);
  });
}

/** What was read along each axis that the node names, as elements that exist. */
function stridesOf(view: NodeGradient): readonly AxisStride[] {
  const { dims } = view.input(0);
  const starts = view.constant(1) ?? [];
  const axes = (view.hasInput(3) ? view.constant(3) : null) ?? [...starts.keys()];
  const steps = (view.hasInput(4) ? view.constant(4) : null) ?? starts.map(() => 1);
  return starts.map((start, index) => {
    const axis = frontAxis(axes[index] ?? 0, dims.length);
    const [dim, step] = [dims[axis] ?? 0, steps[index] ?? 1];
    const last = step < 0 ? dim - 1 : dim;
    const clamped = Math.min(Math.max(start < 0 ? start + dim : start, 0), Math.max(0, last));
    return { axis, start: clamped, step, length: view.output(0).dims[axis] ?? 0 };
  });
}

function reversal({ axis, length }: AxisStride): AxisStride {
  return { axis, start: length - 1, step: -1, length };
}

/** The same elements from the first to the last. */
function ascend(stride: AxisStride): AxisStride {
  const { start, step, length } = stride;
  return step > 0 ? stride : { ...stride, start: start + Math.max(0, length - 1) * step, step: -step };
}

/** Puts zeros behind each element, so that elements lie a step apart. */
function spreadOut(e: Expressions, x: Expr, { axis, step, length }: AxisStride): Expr {
  if (step === 1 || length <= 1) return x;
  const apart = e.reshape(x, x.dims.toSpliced(axis + 1, 0, 1));
  const none = apart.dims.map(() => 0);
  const spaced = e.pad(apart, none, none.with(axis + 1, step - 1));
  return e.reshape(spaced, x.dims.with(axis, length * step));
}
