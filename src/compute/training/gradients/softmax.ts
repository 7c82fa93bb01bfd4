import type { GradientRules, NodeGradient } from '../gradient-rule.ts';
import { rule } from '../gradient-rule.ts';

/** dx = y·(dy - Σ dy·y) */
function softmaxBack(view: NodeGradient): void {
  const { e } = view;
  const y = view.output(0);
  view.give(0, () => {
    const weighted = e.mul(view.gradient(), y);
    return e.sub(weighted, e.mul(y, e.reduceSum(weighted, [axisOf(view)], true)));
  });
}

/** dx = dy - softmax(x)·Σ dy */
function logSoftmaxBack(view: NodeGradient): void {
  const { e } = view;
  const dy = view.gradient();
  view.give(0, () => e.sub(dy, e.mul(e.exp(view.output(0)), e.reduceSum(dy, [axisOf(view)], true))));
}

function axisOf({ node }: NodeGradient): number {
  return node.int('axis', -1);
}

export const softmaxRules: GradientRules = new Map([
  ['Softmax', rule(softmaxBack)],
  ['LogSoftmax', rule(logSoftmaxBack)],
]);
