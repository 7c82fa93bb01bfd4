import { attributeOf } from '../attribute.ts';
import type { Node } from '../node.ts';
import type { Shape } from '../value-type.ts';
import { insertNode } from './insert-node.ts';
import type { ChangeScope, OperatorChange } from './operator-change.ts';

/** From this version on a Reshape can say that 0 is a length, so that empty tensors go through. */
const versionOfAllowZero = 14;

/**
 * Softmax, LogSoftmax and Hardmax before version 13 work on a matrix: the axes before `axis` (default 1) are its rows,
 * `axis` and all behind it its columns. Since 13 they work along one axis (default -1). Where all behind the axis have
 * length 1 that is the same; else the matrix is made and turned back.
 */
export const matrixToAxis: OperatorChange = {
  apply(node, scope) {
    const input = node.input(0);
    const shape = input === null ? null : (scope.types.get(input)?.shape ?? null);
    const axis = node.attributes.get('axis') ?? attributeOf.int('axis', 1);
    if (axis.kind === 'int' && isAlone(Number(axis.value), shape)) node.setAttribute(axis);
    else flatten(node, scope);
  },
};

/** Whether every axis behind an axis has length 1. */
function isAlone(axis: number, shape: Shape): boolean {
  if (axis === -1) return true;
  if (shape === null) return false;
  const first = axis < 0 ? axis + shape.length : axis;
  return first >= 0 && first < shape.length && shape.slice(first + 1).every((dim) => dim === 1);
}

/** The node itself becomes the Reshape that ends the chain: its output is the one that others read. */
function flatten(node: Node, { target }: ChangeScope): void {
  const axis = node.attributes.get('axis') ?? attributeOf.int('axis', 1);
  const inputs = [node.input(0)];
  const matrix = insertNode(node, { op: 'Flatten', inputs, attributes: [axis], role: 'rows' });
  const attributes = [attributeOf.int('axis', -1)];
  const result = insertNode(node, { op: node.op, inputs: [matrix], attributes, role: 'matrix' });
  const shape = insertNode(node, { op: 'Shape', inputs, role: 'shape' });
  node.setOp('Reshape');
  node.removeAttribute('axis');
  node.setInputs([result, shape]);
  if (target >= versionOfAllowZero) node.setAttribute(attributeOf.int('allowzero', 1));
}
