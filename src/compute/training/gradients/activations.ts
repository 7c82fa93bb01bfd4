import type { Expr } from '../../expressions/expr.ts';
import type { Expressions } from '../../expressions/expressions.ts';
import type { GradientRules, NodeGradient } from '../gradient-rule.ts';
import { rule } from '../gradient-rule.ts';
import { gelu, mish, swish } from './smooth-activations.ts';
import { elementwise } from './unary.ts';

/** Selu's constants as the operator's specification gives them. */
const selu = { alpha: 1.6732632423543772, gamma: 1.0507009873554805 };

/** Activation functions. Where one has a corner, its slope there is PyTorch's. */
export const activationRules: GradientRules = new Map([
  ['Relu', elementwise((view) => positive(view, view.output(0)))],
  ['LeakyRelu', elementwise((view) => bent(view, view.e.scalarLike(view.input(0), view.node.float('alpha', 0.01))))],
  ['PRelu', rule(preluBack)],
  ['ThresholdedRelu', elementwise((view) => thresholdedRelu(view))],
  ['Clip', rule(clipBack)],
  ['Elu', elementwise((view) => bent(view, view.e.add(view.output(0), view.node.float('alpha', 1))))],
  ['Selu', elementwise((view) => seluSlope(view))],
  ['Celu', elementwise((view) => celuSlope(view))],
  ['Sigmoid', elementwise((view) => view.e.mul(view.output(0), oneMinus(view.e, view.output(0))))],
  ['Tanh', elementwise((view) => oneMinus(view.e, view.e.mul(view.output(0), view.output(0))))],
  ['HardSigmoid', elementwise((view) => hardSigmoidSlope(view))],
  ['HardSwish', elementwise((view) => hardSwishSlope(view))],
  ['Softplus', elementwise((view) => view.e.sigmoid(view.input(0)))],
  ['Softsign', elementwise((view) => softsignSlope(view))],
  ['Gelu', elementwise(gelu)],
  ['Mish', elementwise(mish)],
  ['Swish', elementwise(swish)],
]);

/** 1 where x > 0 and 0 elsewhere. */
function positive({ e }: NodeGradient, x: Expr): Expr {
  return e.indicatorLike(x, e.compare('Greater', x, 0));
}

/** 1 where the input is above 0, and another slope elsewhere. */
function bent(view: NodeGradient, below: Expr): Expr {
  const { e } = view;
  const x = view.input(0);
  return e.where(e.compare('Greater', x, 0), e.scalarLike(x, 1), below);
}

function oneMinus(e: Expressions, x: Expr): Expr {
  return e.sub(e.scalarLike(x, 1), x);
}

/** The slope of the negative side is trained; it is broadcast to the input. */
function preluBack(view: NodeGradient): void {
  const { e } = view;
  const [x, slope] = [view.input(0), view.input(1)];
  view.give(0, () => e.mul(view.gradient(), bent(view, slope)));
  view.give(1, () => e.unbroadcast(e.mul(view.gradient(), e.min(x, 0)), slope.dims));
}

function thresholdedRelu(view: NodeGradient): Expr {
  const x = view.input(0);
  return view.e.indicatorLike(x, view.e.compare('Greater', x, view.node.float('alpha', 1)));
}

/** The gradient passes where the input is its own result, bounds included; elsewhere the bound in force gets it. */
function clipBack(view: NodeGradient): void {
  const { e } = view;
  const x = view.input(0);
  const within = (condition: Expr): Expr => e.mul(view.gradient(), e.indicatorLike(x, condition));
  view.give(0, () => within(e.compare('Equal', x, view.output(0))));
  if (view.hasInput(1)) view.give(1, () => e.unbroadcast(within(isRaised(view)), view.input(1).dims));
  if (view.hasInput(2)) view.give(2, () => e.unbroadcast(within(isLowered(view)), view.input(2).dims));
}

/** Where the lower bound is the result. Bounds that cross give way to the upper one. */
function isRaised(view: NodeGradient): Expr {
  const { e } = view;
  const below = e.compare('Less', view.input(0), view.input(1));
  return view.hasInput(2) ? e.compare('And', below, e.compare('Less', view.input(1), view.input(2))) : below;
}

function isLowered(view: NodeGradient): Expr {
  const { e } = view;
  const above = e.compare('Greater', view.input(0), view.input(2));
  return view.hasInput(1) ? e.compare('Or', above, e.compare('Less', view.input(2), view.input(1))) : above;
}

/** gamma·alpha·exp(x) below 0, which is y + gamma·alpha. */
function seluSlope(view: NodeGradient): Expr {
  const { e, node } = view;
  const [alpha, gamma] = [node.float('alpha', selu.alpha), node.float('gamma', selu.gamma)];
  const x = view.input(0);
  return e.where(e.compare('Greater', x, 0), e.scalarLike(x, gamma), e.add(view.output(0), alpha * gamma));
}

/** exp(x/alpha) below 0, which is y/alpha + 1. */
function celuSlope(view: NodeGradient): Expr {
  const { e, node } = view;
  return bent(view, e.add(e.div(view.output(0), node.float('alpha', 1)), 1));
}

/** alpha strictly between the bounds. */
function hardSigmoidSlope(view: NodeGradient): Expr {
  const { e, node } = view;
  const y = view.output(0);
  const inside = e.compare('And', e.compare('Greater', y, 0), e.compare('Less', y, 1));
  return e.mul(e.indicatorLike(y, inside), node.float('alpha', 0.2));
}

/** y = x·h with h = HardSigmoid(x): h + x/6 strictly between -3 and 3, and h, which is 0 or 1, elsewhere. */
function hardSwishSlope(view: NodeGradient): Expr {
  const { e } = view;
  const x = view.input(0);
  const h = e.map('HardSigmoid', x, { alpha: 1 / 6, beta: 0.5 });
  const inside = e.compare('Less', e.map('Abs', x), 3);
  return e.add(h, e.mul(e.indicatorLike(x, inside), e.div(x, 6)));
}

/** 1/(1 + |x|)² */
function softsignSlope(view: NodeGradient): Expr {
  const { e } = view;
  const root = e.map('Reciprocal', e.add(e.map('Abs', view.input(0)), 1));
  return e.mul(root, root);
}
