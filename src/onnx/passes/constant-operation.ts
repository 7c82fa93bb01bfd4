import type { Node } from '../node.ts';
import type { Tensor } from '../tensor.ts';
import type { Value } from '../value.ts';
import { floatConstantOf, floatsOf } from './float-constant.ts';
import type { ShapeOf } from './inferred-shapes.ts';

/** A node of two inputs, one of them a float constant. */
export interface ConstantOperation {
  /** The other input. */
  readonly input: Value;
  readonly constant: Tensor;
  /** Which of the inputs is the constant. */
  readonly constantIndex: number;
}

/** Null when neither input is a float constant, or when both are: that is for constant folding. */
export function constantOperationOf(node: Node): ConstantOperation | null {
  const [first, second] = node.inputs;
  if (!first || !second || node.inputs.length !== 2) return null;
  const [left, right] = [floatConstantOf(first), floatConstantOf(second)];
  if (left !== null && right === null) return { input: second, constant: left, constantIndex: 0 };
  return left === null && right !== null ? { input: first, constant: right, constantIndex: 1 } : null;
}

/**
 * The number that a node adds, multiplies by or the like: its float32 constant of one element. Null for others, and
 * where the constant could give the result an axis that the other input lacks.
 */
export function scalarOperandOf(node: Node, input: Value, shapeOf: ShapeOf): number | null {
  const operation = constantOperationOf(node);
  if (operation === null || operation.input !== input) return null;
  const { type, dims, elementCount } = operation.constant;
  if (type !== 'float32' || elementCount !== 1) return null;
  if (dims.length > 0 && dims.length > (shapeOf(input)?.length ?? 0)) return null;
  return floatsOf(operation.constant)[0] ?? null;
}

/** Whether two numbers are the same but for the rounding of float32 and of one division. */
export function isClose(left: number, right: number): boolean {
  return Math.abs(left - right) <= 4e-7 * Math.abs(right);
}
