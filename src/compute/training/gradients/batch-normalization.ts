import type { Expr } from '../../expressions/expr.ts';
import type { GradientRules, NodeGradient } from '../gradient-rule.ts';
import { rule } from '../gradient-rule.ts';

/** y = (x - mean) / √(variance + ε) · scale + bias, with statistics that are given and not measured. */
function batchNormalizationBack(view: NodeGradient): void {
  const { e } = view;
  const dy = view.gradient();
  const [x, scale, variance] = [view.input(0), view.input(1), view.input(4)];
  const inverse = e.div(e.scalarLike(variance, 1), e.sqrt(e.add(variance, epsilonOf(view))));
  const factor = e.mul(scale, inverse);
  const sums = (of: Expr): Expr =>
    e.reduceSum(
      of,
      [...x.dims.keys()].filter((axis) => axis !== 1),
    );
  view.give(0, () => e.mul(dy, e.reshape(factor, [...scale.dims, ...x.dims.slice(2).map(() => 1)])));
  view.give(1, () => sums(e.mul(dy, normalized(view))));
  view.give(2, () => sums(dy));
  view.give(3, () => e.neg(e.mul(factor, sums(dy))));
  view.give(4, () => e.mul(e.mul(factor, inverse), e.mul(sums(e.mul(dy, normalized(view))), -0.5)));
}

/** The input before scale and bias, in one pass. */
function normalized(view: NodeGradient): Expr {
  const { e } = view;
  const [x, scale, mean, variance] = [view.input(0), view.input(1), view.input(3), view.input(4)];
  const [one, zero] = [1, 0].map((number) => e.expand(e.scalarLike(scale, number), scale.dims));
  return e.op('BatchNormalization', [x, one ?? scale, zero ?? scale, mean, variance], {
    type: x.type,
    dims: x.dims,
    attributes: { epsilon: { float: epsilonOf(view) } },
  });
}

function epsilonOf({ node }: NodeGradient): number {
  return node.float('epsilon', 1e-5);
}

export const batchNormalizationRules: GradientRules = new Map([
  [
    'BatchNormalization',
    rule(batchNormalizationBack, ({ node }) =>
      node.int('training_mode', 0) === 1 ? 'it measures its statistics anew (training_mode)' : null,
    ),
  ],
]);
