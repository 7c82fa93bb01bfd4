import type { Expr } from '../../expressions/expr.ts';
import { frontAxis } from '../../expressions/expr.ts';
import type { Expressions } from '../../expressions/expressions.ts';
import type { GradientRule, GradientRules, NodeGradient } from '../gradient-rule.ts';
import { rule } from '../gradient-rule.ts';

/** A reduction, its result and its gradient with the reduced axes kept as 1, so that they broadcast to the input. */
interface Reduction {
  readonly e: Expressions;
  readonly x: Expr;
  readonly y: Expr;
  readonly dy: Expr;
  readonly axes: readonly number[];
}

/** The gradient of the input, or what broadcasts to it. */
type Spread = (reduction: Reduction) => Expr;

function reduction(spread: Spread): GradientRule {
  return rule((view) => {
    const axes = reducedAxes(view);
    view.give(0, () => {
      const { e } = view;
      const x = view.input(0);
      const kept = x.dims.map((dim, axis) => (axes.includes(axis) ? 1 : dim));
      const [y, dy] = [e.reshape(view.output(0), kept), e.reshape(view.gradient(), kept)];
      return e.expand(spread({ e, x, y, dy, axes }), x.dims);
    });
  }, axesProblem);
}

function axesProblem(view: NodeGradient): string | null {
  return view.hasInput(1) && view.constant(1) === null ? 'its axes are no constant' : null;
}

/** All axes unless some are given; none where the node says that no axes mean none. */
function reducedAxes(view: NodeGradient): readonly number[] {
  const { dims } = view.input(0);
  const given = view.hasInput(1) ? (view.constant(1) ?? []) : [];
  if (given.length > 0) return given.map((axis) => frontAxis(axis, dims.length));
  return view.node.int('noop_with_empty_axes', 0) === 1 ? [] : [...dims.keys()];
}

/** Elements that are equally large share the gradient equally, as in PyTorch's amax. */
function toExtremes({ e, x, y, dy, axes }: Reduction): Expr {
  const hits = e.indicatorLike(x, e.compare('Equal', x, y));
  return e.mul(hits, e.div(dy, e.reduceSum(hits, axes, true)));
}

/** Keeps 0/0 from arising where a norm is 0, whose gradient is taken as 0: the smallest normal float32. */
const smallest = 2 ** -126;

/** Reductions over some axes or all. */
export const reductionRules: GradientRules = new Map([
  ['ReduceSum', reduction(({ dy }) => dy)],
  [
    'ReduceMean',
    reduction(({ e, x, dy, axes }) =>
      e.div(
        dy,
        axes.reduce((n, axis) => n * (x.dims[axis] ?? 1), 1),
      ),
    ),
  ],
  ['ReduceMax', reduction(toExtremes)],
  ['ReduceMin', reduction(toExtremes)],
  ['ReduceL1', reduction(({ e, x, dy }) => e.mul(e.map('Sign', x), dy))],
  ['ReduceL2', reduction(({ e, x, y, dy }) => e.mul(x, e.div(dy, e.max(y, smallest))))],
  ['ReduceSumSquare', reduction(({ e, x, dy }) => e.mul(x, e.mul(dy, 2)))],
  ['ReduceLogSum', reduction(({ e, y, dy }) => e.div(dy, e.exp(y)))],
  ['ReduceLogSumExp', reduction(({ e, x, y, dy }) => e.mul(dy, e.exp(e.sub(x, y))))],
]);
