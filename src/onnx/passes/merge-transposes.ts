import { attributeOf } from '../attribute.ts';
import type { Node } from '../node.ts';
import type { PurePass } from '../pass.ts';
import { allGraphs } from '../traverse.ts';
import type { Value } from '../value.ts';
import { constantOf, hasReferences } from './constant-of.ts';
import { redirect } from './redirect.ts';
import { repeatUntilUnchanged } from './repeat-until-unchanged.ts';

/** Operators that treat every element by itself; other inputs than the first, if any, are scalars. */
const elementwise: ReadonlySet<string> = new Set(
  (
    'Abs Cast Ceil Celu Clip Cos Elu Erf Exp Floor Gelu HardSigmoid HardSwish Identity IsInf IsNaN LeakyRelu Log Mish ' +
    'Neg Not Reciprocal Relu Round Selu Sigmoid Sign Sin Softplus Softsign Sqrt Swish Tanh ThresholdedRelu'
  ).split(' '),
);

/** Longer chains between two transpositions are left alone: each would be walked for every Transpose behind it. */
const longestChain = 256;

/** Operators that do so when their second operand is a constant of one element. */
const withScalar: readonly string[] = ['Add', 'Sub', 'Mul', 'Div', 'Pow', 'Max', 'Min', 'PRelu', 'Mod'];

/**
 * Merges transpositions, in every graph:
 * - Transpose of a Transpose becomes one, or none when the second takes the first back;
 * - elementwise operators between two that cancel each other (also Add, Mul and the like with a constant of one
 *   element, if the graph needs nothing between) are computed without either.
 *
 * Left alone: pairs around anything else, such as a Softmax or an Add of two tensors; pairs around elementwise operators
 * that do not cancel out, or around more than 256 of them; permutations that a function's caller decides.
 */
export const mergeTransposes: PurePass = {
  name: 'merge-transposes',
  apply(model) {
    return repeatUntilUnchanged(() => {
      let changed = false;
      for (const graph of allGraphs(model)) {
        for (const node of graph.nodes()) {
          if (isTranspose(node) && (mergeWithFirst(node) || cancelAcross(node))) changed = true;
        }
      }
      return changed;
    });
  },
};

function isTranspose(node: Node): boolean {
  return node.is('Transpose') && !hasReferences(node);
}

function mergeWithFirst(node: Node): boolean {
  const first = node.input(0)?.producer ?? null;
  const inner = first?.input(0) ?? null;
  if (first === null || inner === null || first.graph !== node.graph || !isTranspose(first)) return false;
  const perm = composed(first, node);
  if (perm === null) return false;
  if (!isIdentity(perm)) {
    node.setAttribute(attributeOf.ints('perm', perm));
    node.setInput(0, inner);
  } else if (!redirected(node, inner)) {
    // Between an input and an output, both of whose names must stay.
    node.setOp('Identity');
    node.removeAttribute('perm');
    node.setInput(0, inner);
  }
  removeUnneeded(first);
  return true;
}

/** Transpose, then operators that do not mind, then the Transpose that takes the first one back. */
function cancelAcross(node: Node): boolean {
  const chain = chainInto(node);
  const [bottom] = chain;
  const top = chain.at(-1);
  const first = top?.input(0)?.producer ?? null;
  const inner = first?.input(0) ?? null;
  const last = bottom?.output(0) ?? null;
  if (top === undefined || last === null || first === null || inner === null || !isTranspose(first)) return false;
  const perm = composed(first, node);
  if (first.graph !== node.graph || perm === null || !isIdentity(perm) || !redirected(node, last)) return false;
  top.setInput(0, inner);
  for (const { outputs } of chain) {
    // What the file says about their shapes holds no longer; an output's type is the one it took over.
    for (const value of outputs) if (value?.isOutput === false) value.setType(null);
  }
  removeUnneeded(first);
  return true;
}

/** Elementwise nodes that only lead to this one, from the nearest to the farthest. */
function chainInto(node: Node): readonly Node[] {
  const chain: Node[] = [];
  let value = node.input(0);
  for (;;) {
    const producer = value?.producer ?? null;
    if (value === null || producer === null || producer.graph !== node.graph) return chain;
    if (!isElementwise(producer) || value.useCount !== 1 || value.isOutput) return chain;
    if (chain.push(producer) > longestChain) return [];
    value = producer.input(0);
  }
}

function isElementwise(node: Node): boolean {
  if (node.outputs.length !== 1) return false;
  if (node.is(node.op) && elementwise.has(node.op)) return true;
  return node.is(...withScalar) && node.inputs.length === 2 && isSingle(node);
}

/** One element and at most one axis: it broadcasts along all axes of whatever has been transposed. */
function isSingle(node: Node): boolean {
  const tensor = constantOf(node.input(1));
  return tensor !== null && tensor.elementCount === 1 && tensor.dims.length <= 1;
}

/** The permutation of both one after the other; null when it cannot be told or makes no sense. */
function composed(first: Node, second: Node): readonly number[] | null {
  const [a, b] = [first.ints('perm'), second.ints('perm')];
  const rank = a?.length ?? b?.length;
  // Twice the default, which reverses the axes, however many there are.
  if (rank === undefined) return [];
  const reversed = Array.from({ length: rank }, (_, axis) => rank - 1 - axis);
  const inner = a ?? reversed;
  const perm = (b ?? reversed).map((axis) => inner[axis] ?? -1);
  return perm.length === inner.length && new Set(perm).size === rank && !perm.includes(-1) ? perm : null;
}

function isIdentity(perm: readonly number[]): boolean {
  return perm.every((axis, index) => axis === index);
}

function redirected(node: Node, value: Value): boolean {
  const output = node.output(0);
  if (output === null || !redirect(output, value)) return false;
  node.graph?.remove(node);
  return true;
}

function removeUnneeded(node: Node): void {
  if (node.outputs.every((value) => value === null || value.isUnused)) node.graph?.remove(node);
}
