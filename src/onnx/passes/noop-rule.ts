import type { Node } from '../node.ts';
import type { TensorInfo } from '../shape/tensor-info.ts';
import type { Shape } from '../value-type.ts';
import type { Value } from '../value.ts';

/** What a rule may know beside the node itself. */
export interface NoopFacts {
  /** Version of the standard operator set. */
  readonly opset: number;
  infoOf(value: Value | null): TensorInfo;
}

/** The input that a node's first output equals, element for element, shape and type included; null when none is known. */
export type NoopRule = (node: Node, facts: NoopFacts) => Value | null;

/** Whether two shapes are certainly equal: the same numbers and the same symbols, none unknown. */
export function sameShape(a: Shape, b: Shape): boolean {
  if (a === null || b === null || a.length !== b.length) return false;
  return a.every((dim, axis) => dim !== null && dim === b[axis]);
}

/** Whether a node's first output certainly has the shape of one of its inputs. */
export function keepsShape(node: Node, facts: NoopFacts, input = 0): boolean {
  return sameShape(facts.infoOf(node.input(input)).shape, facts.infoOf(node.output(0)).shape);
}
