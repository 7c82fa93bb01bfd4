import type { Node } from '../../onnx/node.ts';
import type { Expr } from '../expressions/expr.ts';
import type { Expressions } from '../expressions/expressions.ts';

/** One node on the way back: what it read and made, and the gradient that reached it. */
export interface NodeGradient {
  /** Writes the gradient's nodes, beside the forward ones. */
  readonly e: Expressions;
  readonly node: Node;
  /** Throws RangeError where the node has no such input. */
  input(index: number): Expr;
  hasInput(index: number): boolean;
  output(index: number): Expr;
  /** Of the loss with respect to an output, of the output's shape: zeros where none reached it. */
  gradient(index?: number): Expr;
  /** Whether a gradient reached an output. */
  hasGradient(index: number): boolean;
  /** Whether anybody needs the gradient of an input. */
  wants(index: number): boolean;
  /** Adds to an input's gradient, which must have the input's shape; it is cast to its type. Not called where nobody needs it. */
  give(index: number, gradient: () => Expr): void;
  /** Numbers of an input that is a constant (axes, shapes, bounds); null for others and for inputs left out. */
  constant(index: number): readonly number[] | null;
}

/** How a gradient goes back through one operator. */
export interface GradientRule {
  /** Hands the inputs that are wanted their share of the outputs' gradients. */
  readonly back: (view: NodeGradient) => void;
  /** Why this very node has no gradient here, for attributes that the rule does not know; null when it has. */
  readonly problem?: (view: NodeGradient) => string | null;
}

export type GradientRules = ReadonlyMap<string, GradientRule>;

/** A rule for every node of its operator. */
export function rule(back: GradientRule['back'], problem?: NonNullable<GradientRule['problem']>): GradientRule {
  return problem === undefined ? { back } : { back, problem };
}
