import type { GradientRules, NodeGradient } from '../gradient-rule.ts';
import { rule } from '../gradient-rule.ts';

/** Sums up to each element: an element takes part in all those behind it. */
export const cumulationRules: GradientRules = new Map([['CumSum', rule(cumSumBack)]]);

function cumSumBack(view: NodeGradient): void {
  const { e, node } = view;
  const attributes = { exclusive: node.int('exclusive', 0), reverse: 1 - node.int('reverse', 0) };
  const dy = view.gradient();
  view.give(0, () => e.op('CumSum', [dy, node.input(1)], { ...dy, attributes }));
}
