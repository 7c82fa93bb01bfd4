import { isFloatType } from '../../../onnx/data-type.ts';
import type { Expr } from '../../expressions/expr.ts';
import type { GradientRule, GradientRules, NodeGradient } from '../gradient-rule.ts';
import { rule } from '../gradient-rule.ts';

/** dX = dY · f'(x) for an operator that works on each element alone; `slope` writes f'(x). */
export function elementwise(slope: (view: NodeGradient) => Expr): GradientRule {
  return rule((view) => view.give(0, () => view.e.mul(view.gradient(), slope(view))));
}

/** Hands the gradient on as it is. */
const passOn = rule((view) => view.give(0, () => view.gradient()));

/** A number that was rounded to whole ones has no slope, nor has what is made of them. */
const cast = rule((view) => {
  const { type } = view.input(0);
  if (isFloatType(type)) view.give(0, () => view.e.cast(view.gradient(), type));
});

/** Calculus of one variable. At 0, Abs has the slope 0 and Sqrt an infinite one, as in PyTorch. */
export const unaryRules: GradientRules = new Map([
  ['Abs', elementwise((view) => view.e.map('Sign', view.input(0)))],
  ['Cos', elementwise((view) => view.e.neg(view.e.map('Sin', view.input(0))))],
  ['Erf', elementwise((view) => erfSlope(view))],
  ['Exp', elementwise((view) => view.output(0))],
  ['Identity', passOn],
  ['Cast', cast],
  ['CastLike', cast],
  ['Dropout', rule((view) => view.give(0, () => view.gradient()), dropoutProblem)],
  ['Log', rule((view) => view.give(0, () => view.e.div(view.gradient(), view.input(0))))],
  ['Neg', rule((view) => view.give(0, () => view.e.neg(view.gradient())))],
  ['Reciprocal', elementwise((view) => view.e.neg(view.e.mul(view.output(0), view.output(0))))],
  ['Sin', elementwise((view) => view.e.map('Cos', view.input(0)))],
  ['Sqrt', rule((view) => view.give(0, () => view.e.div(view.e.mul(view.gradient(), 0.5), view.output(0))))],
]);

/** erf'(x) = 2/√π · exp(-x²) */
function erfSlope(view: NodeGradient): Expr {
  const { e } = view;
  const x = view.input(0);
  return e.mul(e.exp(e.neg(e.mul(x, x))), 2 / Math.sqrt(Math.PI));
}

function dropoutProblem(view: NodeGradient): string | null {
  const trains = view.hasInput(2) && view.constant(2)?.[0] !== 0;
  return trains ? 'it drops elements by chance' : null;
}
