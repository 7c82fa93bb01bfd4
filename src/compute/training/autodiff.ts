import { isFloatType } from '../../onnx/data-type.ts';
import type { Node } from '../../onnx/node.ts';
import { topologicalOrder } from '../../onnx/sort.ts';
import { readsOf } from '../../onnx/traverse.ts';
import type { Value } from '../../onnx/value.ts';
import type { Expr } from '../expressions/expr.ts';
import type { Expressions } from '../expressions/expressions.ts';
import type { GradientRule } from './gradient-rule.ts';
import { gradientRules } from './gradient-rules.ts';
import { GradientView } from './gradient-view.ts';
import { piecewiseConstant } from './piecewise-constant.ts';

export interface DifferentiateOptions {
  /** Writes on the graph that holds the loss, and knows the types of all that lies between. */
  readonly e: Expressions;
  /** A scalar of the graph. */
  readonly loss: Expr;
  /** Values whose gradients are asked for: parameters, inputs or anything in between. */
  readonly wanted: readonly Value[];
}

/** A node that no gradient passes. */
export interface BlockedNode {
  readonly node: Node;
  readonly problem: string;
}

export interface Differentiation {
  /** Of the loss with respect to each value that it depends on and that can be told. */
  readonly gradients: ReadonlyMap<Value, Expr>;
  /** Wanted values that a node without a rule lies behind, with the first such node: their gradient would be wrong. */
  readonly frozen: ReadonlyMap<Value, BlockedNode>;
  /** Wanted values that the loss does not depend on. */
  readonly unused: readonly Value[];
}

/**
 * Reverse-mode differentiation (Griewank and Walther, "Evaluating Derivatives", 2008): adds nodes of standard operators
 * that compute the gradients of a scalar loss. A node without a rule freezes what lies before it: a value with one path
 * through such a node and one around it would get a wrong gradient, so it gets none.
 */
export function differentiate(options: DifferentiateOptions): Differentiation {
  const { e, loss, wanted } = options;
  const nodes = topologicalOrder(e.graph);
  const needed = ancestorsOf(loss.value);
  const all = activeFrom(wanted, nodes);
  const blocked = nodes.flatMap((node) => blockOf(node, { ...options, active: all, needed }));
  const frozen = frozenBy(blocked, wanted);
  const used = wanted.filter((value) => !frozen.has(value) && (needed.has(value) || value === loss.value));
  const active = activeFrom(used, nodes);
  const gradients = backward(nodes, { ...options, active, needed });
  return {
    gradients: new Map(
      used.flatMap((value) => {
        const gradient = gradients.get(value);
        return gradient === undefined ? [] : [[value, gradient] as const];
      }),
    ),
    frozen,
    unused: wanted.filter((value) => !frozen.has(value) && !gradients.has(value)),
  };
}

interface Walk extends DifferentiateOptions {
  /** Values that depend on a wanted one. */
  readonly active: ReadonlySet<Value>;
  /** Values that the loss depends on. */
  readonly needed: ReadonlySet<Value>;
}

function backward(nodes: readonly Node[], walk: Walk): ReadonlyMap<Value, Expr> {
  const { e, loss } = walk;
  const gradients = new Map<Value, Expr>([[loss.value, e.scalar(1)]]);
  for (const node of nodes.toReversed()) {
    const reached = node.outputs.some((value) => value !== null && gradients.has(value));
    if (!reached || ![...readsOf(node)].some((value) => walk.active.has(value))) continue;
    ruleOf(node)?.back(new GradientView(node, { ...walk, gradients }));
  }
  return gradients;
}

/** A node on the way from a wanted value to the loss that no gradient passes. */
function blockOf(node: Node, walk: Walk): readonly BlockedNode[] {
  const { active, needed } = walk;
  const found = ruleOf(node);
  // Quantized numbers are whole, and yet meant to be what they were made of: only a rule may say that nothing passes.
  const isBetween =
    node.outputs.some((value) => {
      return value !== null && needed.has(value) && active.has(value) && (found === null || isFloat(value, walk));
    }) && [...readsOf(node)].some((value) => active.has(value) && isFloat(value, walk));
  if (!isBetween || isConstantPiecewise(node)) return [];
  if (found === null) return [{ node, problem: 'it has no gradient rule' }];
  const problem = found.problem?.(new GradientView(node, { ...walk, gradients: new Map() })) ?? null;
  return problem === null ? [] : [{ node, problem }];
}

function ruleOf(node: Node): GradientRule | null {
  return node.is(node.op) ? (gradientRules.get(node.op) ?? null) : null;
}

function isConstantPiecewise(node: Node): boolean {
  return node.is(node.op) && piecewiseConstant.has(node.op);
}

function isFloat(value: Value, { e }: Walk): boolean {
  return isFloatType(e.exprOf(value).type);
}

/** Values that follow from the given ones, themselves included. */
function activeFrom(values: readonly Value[], nodes: readonly Node[]): ReadonlySet<Value> {
  const active = new Set(values);
  for (const node of nodes) {
    if (isConstantPiecewise(node) || ![...readsOf(node)].some((value) => active.has(value))) continue;
    for (const output of node.outputs) if (output !== null) active.add(output);
  }
  return active;
}

/** Values that a value is made of, itself included. */
function ancestorsOf(value: Value): ReadonlySet<Value> {
  const seen = new Set<Value>([value]);
  const waiting = [value];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const input of next.producer === null ? [] : readsOf(next.producer)) {
      if (seen.has(input)) continue;
      seen.add(input);
      waiting.push(input);
    }
  }
  return seen;
}

function frozenBy(blocked: readonly BlockedNode[], wanted: readonly Value[]): ReadonlyMap<Value, BlockedNode> {
  const frozen = new Map<Value, BlockedNode>();
  for (const block of blocked) {
    const behind = new Set([...readsOf(block.node)].flatMap((value) => [...ancestorsOf(value)]));
    for (const value of wanted) if (behind.has(value) && !frozen.has(value)) frozen.set(value, block);
  }
  return frozen;
}
