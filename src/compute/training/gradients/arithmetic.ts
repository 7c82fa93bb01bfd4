import type { Expr } from '../../expressions/expr.ts';
import type { GradientRules, NodeGradient } from '../gradient-rule.ts';
import { rule } from '../gradient-rule.ts';

/** Hands an operand its gradient, summed over the axes along which it was broadcast. */
export function giveBroadcast(view: NodeGradient, index: number, gradient: () => Expr): void {
  view.give(index, () => view.e.unbroadcast(gradient(), view.input(index).dims));
}

/** Element-wise operators of two operands with numpy's broadcasting. */
export const arithmeticRules: GradientRules = new Map([
  ['Add', rule((view) => [0, 1].forEach((index) => giveBroadcast(view, index, () => view.gradient())))],
  [
    'Sub',
    rule((view) => {
      giveBroadcast(view, 0, () => view.gradient());
      giveBroadcast(view, 1, () => view.e.neg(view.gradient()));
    }),
  ],
  [
    'Mul',
    rule((view) => {
      giveBroadcast(view, 0, () => view.e.mul(view.gradient(), view.input(1)));
      giveBroadcast(view, 1, () => view.e.mul(view.gradient(), view.input(0)));
    }),
  ],
  [
    'Div',
    rule((view) => {
      const { e } = view;
      giveBroadcast(view, 0, () => e.div(view.gradient(), view.input(1)));
      // d(a/b)/db = -(a/b)/b
      giveBroadcast(view, 1, () => e.neg(e.div(e.mul(view.gradient(), view.output(0)), view.input(1))));
    }),
  ],
  [
    'Pow',
    rule((view) => {
      const { e } = view;
      const [base, exponent] = [view.input(0), view.input(1)];
      const power = e.cast(exponent, base.type);
      // x^(p-1) is reckoned anew: y/x would be 0/0 at 0.
      giveBroadcast(view, 0, () => e.mul(view.gradient(), e.mul(power, e.pow(base, e.sub(power, 1)))));
      // d(a^b)/db = a^b ln a, which is 0 where a is.
      const logarithm = () =>
        e.where(e.compare('Greater', base, 0), e.log(e.max(base, smallest)), e.scalarLike(base, 0));
      giveBroadcast(view, 1, () => e.mul(view.gradient(), e.mul(view.output(0), logarithm())));
    }),
  ],
]);

/** Keeps a logarithm finite where its result is not used: the smallest normal float32. */
const smallest = 2 ** -126;
