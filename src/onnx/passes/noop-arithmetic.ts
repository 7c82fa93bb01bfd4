import type { Node } from '../node.ts';
import { isComplexType, isFloatType } from '../data-type.ts';
import type { Tensor } from '../tensor.ts';
import { numbersOf } from '../tensor-types/numbers-of.ts';
import type { Value } from '../value.ts';
import { constantOf } from './constant-of.ts';
import type { NoopFacts, NoopRule } from './noop-rule.ts';
import { keepsShape } from './noop-rule.ts';

/** A constant of ones or zeros is a bias or a scale; a larger one is not worth reading. */
const mostNeutralBytes = 4 * 1024 ** 2;

/** From here on broadcasting is numpy's, without an axis attribute. */
const opsetOfBroadcasting = 7;

/** Operand and the constant that leaves it as it is. */
interface Neutral {
  readonly element: 0 | 1;
  /** Whether the constant may stand on the left as well. */
  readonly commutes: boolean;
}

const neutrals: ReadonlyMap<string, Neutral> = new Map([
  ['Add', { element: 0, commutes: true }],
  ['Sub', { element: 0, commutes: false }],
  ['Mul', { element: 1, commutes: true }],
  ['Div', { element: 1, commutes: false }],
  ['Pow', { element: 1, commutes: false }],
]);

/** Add 0, Sub 0, Mul 1, Div 1, Pow 1. */
export const arithmeticNoop: NoopRule = (node, facts) => {
  const neutral = neutrals.get(node.op);
  if (neutral === undefined || facts.opset < opsetOfBroadcasting) return null;
  const { element, commutes } = neutral;
  if (isNeutral(node, { constant: 1, element }, facts)) return node.input(0);
  return commutes && isNeutral(node, { constant: 0, element }, facts) ? node.input(1) : null;
};

function isNeutral(node: Node, at: { constant: 0 | 1; element: 0 | 1 }, facts: NoopFacts): boolean {
  const tensor = constantOf(node.input(at.constant));
  if (tensor === null || !keepsOperand(node, { tensor, operand: at.constant === 0 ? 1 : 0 }, facts)) return false;
  if (!isUniform(tensor, at.element)) return false;
  return at.element === 1 || !isFloatType(tensor.type) || !isSignOfZeroSeen(node.output(0));
}

/** Whether broadcasting against the constant leaves the operand's shape alone. */
function keepsOperand(node: Node, { tensor, operand }: { tensor: Tensor; operand: number }, facts: NoopFacts): boolean {
  if (tensor.dims.length === 0) return true;
  const rank = facts.infoOf(node.input(operand)).shape?.length ?? 0;
  if (tensor.dims.length <= rank && tensor.dims.every((dim) => dim === 1)) return true;
  return keepsShape(node, facts, operand);
}

/** Whether every element of a constant is this number. */
export function isUniform(tensor: Tensor, element: number): boolean {
  if (tensor.type === 'string' || isComplexType(tensor.type) || tensor.byteLength > mostNeutralBytes) return false;
  return numbersOf(tensor).every((found) => found === element);
}

/** Operators that hand on the sign of a zero in what they read first, or in anything they join. */
const signCarriers: readonly string[] = (
  'Cast Ceil Concat Dropout Expand Flatten Floor Gather Identity Mul Neg Pad Reshape Round Slice Split Sqrt Squeeze ' +
  'Tile Transpose Unsqueeze'
).split(' ');

/** Readers looked at before the sign is held to be seen. */
const mostReaders = 32;

/** Adding 0 makes 0 of -0, which only a division tells apart, perhaps one a few steps on. */
function isSignOfZeroSeen(value: Value | null): boolean {
  const waiting = [value];
  let readers = 0;
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    if ((readers += at?.useCount ?? 0) > mostReaders) return true;
    for (const { node, index } of at?.uses ?? []) {
      if (node.is('Reciprocal', 'Pow') || (node.is('Div') && index === 1)) return true;
      if (node.is(...signCarriers, 'Div')) waiting.push(...node.outputs);
    }
  }
  return false;
}
