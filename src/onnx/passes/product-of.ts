import type { Node } from '../node.ts';
import type { Value } from '../value.ts';
import { constantOperationOf, scalarOperandOf } from './constant-operation.ts';
import type { ShapeOf } from './inferred-shapes.ts';

/** A product that may be spread over several nodes. */
export interface Product {
  /** What is multiplied, constants apart. */
  readonly factors: readonly Value[];
  /** The constants' product. */
  readonly scale: number;
  /** Readers first. */
  readonly nodes: readonly Node[];
}

/** Longer products are none that a pattern has. */
const mostNodes = 8;

/**
 * What a Mul or Div multiplies, with the products that only it reads taken apart. Null for other nodes, for constants
 * that are no float32 scalars, and for division by what is not constant.
 */
export function productOf(root: Node, shapeOf: ShapeOf): Product | null {
  const factors: Value[] = [];
  const nodes: Node[] = [];
  const waiting: Node[] = [root];
  let scale = 1;
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    const step = stepOf(node, shapeOf);
    if (step === null || nodes.push(node) > mostNodes) return null;
    scale *= step.scale;
    for (const value of step.factors) {
      const inner = value.producer;
      const isOwn = value.useCount === 1 && value.onlyUser === node && inner?.graph === root.graph;
      if (inner && isOwn && inner.is('Mul', 'Div') && stepOf(inner, shapeOf) !== null) waiting.push(inner);
      else factors.push(value);
    }
  }
  return { factors, scale, nodes };
}

function stepOf(node: Node, shapeOf: ShapeOf): Pick<Product, 'factors' | 'scale'> | null {
  const [first, second] = node.inputs;
  if (!first || !second || !node.is('Mul', 'Div')) return null;
  const operation = constantOperationOf(node);
  if (operation === null) return node.is('Mul') ? { factors: [first, second], scale: 1 } : null;
  const scale = scalarOperandOf(node, operation.input, shapeOf);
  if (scale === null || (node.is('Div') && operation.constantIndex === 0)) return null;
  return { factors: [operation.input], scale: node.is('Div') ? 1 / scale : scale };
}
