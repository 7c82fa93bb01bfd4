import type { GradientRules, NodeGradient } from '../gradient-rule.ts';
import { rule } from '../gradient-rule.ts';
import { giveBroadcast } from './arithmetic.ts';

/** Equal operands share the gradient equally, as in PyTorch. */
function extremumBack(view: NodeGradient): void {
  const { e } = view;
  const y = view.output(0);
  const hits = view.node.inputs.map((_, index) => e.indicatorLike(y, e.compare('Equal', view.input(index), y)));
  const [first, ...others] = hits;
  if (first === undefined) return;
  const share = e.div(
    view.gradient(),
    others.reduce((sum, hit) => e.add(sum, hit), first),
  );
  for (const [index, hit] of hits.entries()) giveBroadcast(view, index, () => e.mul(share, hit));
}

/** Operators of any number of operands, with numpy's broadcasting. */
export const extremumRules: GradientRules = new Map([
  ['Max', rule(extremumBack)],
  ['Min', rule(extremumBack)],
  [
    'Sum',
    rule((view) => {
      for (const index of view.node.inputs.keys()) giveBroadcast(view, index, () => view.gradient());
    }),
  ],
  [
    'Mean',
    rule((view) => {
      const count = view.node.inputs.length;
      for (const index of view.node.inputs.keys()) giveBroadcast(view, index, () => view.e.div(view.gradient(), count));
    }),
  ],
]);
