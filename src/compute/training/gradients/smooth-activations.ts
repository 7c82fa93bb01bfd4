import type { Expr } from '../../expressions/expr.ts';
import type { Expressions } from '../../expressions/expressions.ts';
import type { NodeGradient } from '../gradient-rule.ts';

/** The slope of Gelu (Hendrycks and Gimpel, "Gaussian Error Linear Units", 2016), exact or by tanh as the node says. */
export function gelu(view: NodeGradient): Expr {
  const x = view.input(0);
  return view.node.string('approximate', 'none') === 'tanh' ? geluByTanh(view.e, x) : geluByErf(view.e, x);
}

/** Φ(x) + x·φ(x) with the normal distribution's Φ and φ. */
function geluByErf(e: Expressions, x: Expr): Expr {
  const cumulated = e.mul(e.add(e.map('Erf', e.mul(x, Math.SQRT1_2)), 1), 0.5);
  const density = e.mul(e.exp(e.mul(e.mul(x, x), -0.5)), 1 / Math.sqrt(2 * Math.PI));
  return e.add(cumulated, e.mul(x, density));
}

/** y = x/2·(1 + t) with t = tanh u, u = √(2/π)·(x + c·x³): (1 + t)/2 + x/2·(1 - t²)·√(2/π)·(1 + 3c·x²). */
function geluByTanh(e: Expressions, x: Expr): Expr {
  const [root, c] = [Math.sqrt(2 / Math.PI), 0.044715];
  const square = e.mul(x, x);
  const t = e.map('Tanh', e.mul(x, e.add(e.mul(square, root * c), root)));
  const inner = e.add(e.mul(square, root * 3 * c), root);
  const bend = e.mul(e.mul(x, inner), oneMinusSquare(e, t));
  return e.mul(e.add(e.add(t, 1), bend), 0.5);
}

/** y = x·w with w = tanh(softplus x): w + x·(1 - w²)·sigmoid(x) (Misra, "Mish", 2019). */
export function mish(view: NodeGradient): Expr {
  const { e } = view;
  const x = view.input(0);
  const w = e.map('Tanh', e.map('Softplus', x));
  return e.add(w, e.mul(x, e.mul(oneMinusSquare(e, w), e.sigmoid(x))));
}

/** y = x·s with s = sigmoid(alpha·x): s + alpha·y·(1 - s). */
export function swish(view: NodeGradient): Expr {
  const { e } = view;
  const alpha = view.node.float('alpha', 1);
  const s = e.sigmoid(e.mul(view.input(0), alpha));
  const rest = e.mul(view.output(0), e.sub(e.scalarLike(s, 1), s));
  return e.add(s, e.mul(rest, alpha));
}

function oneMinusSquare(e: Expressions, x: Expr): Expr {
  return e.sub(e.scalarLike(x, 1), e.mul(x, x));
}
