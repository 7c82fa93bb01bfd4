import type { Attribute } from '../attribute.ts';
import type { DenseTensor } from '../dense-tensor.ts';
import type { Node } from '../node.ts';
import type { Value } from '../value.ts';
import { insertConstant, insertNode } from './insert-node.ts';
import type { ChangeScope, OperatorChange } from './operator-change.ts';

/** From this version on a Constant node can hold a list that the caller of a function gives. */
const versionOfListConstants = 12;

/** AttributeProto's number for a list of whole numbers. */
const typeOfInts = 7;

/** Attributes of whole numbers that a version made inputs: attribute name by the input's position. */
export function integersToInputs(positions: Readonly<Record<number, string>>): OperatorChange {
  const moves = Object.entries(positions).map(([index, name]) => ({ index: Number(index), name }));
  return {
    problem: (node, scope) =>
      moves.map(({ name }) => problemOf(node.attributes.get(name), scope)).find((problem) => problem !== null) ?? null,
    apply(node, scope) {
      for (const { index, name } of moves) {
        const attribute = node.attributes.get(name);
        const input = attribute && inputOf(node, attribute, scope);
        if (input) node.setInput(index, input);
        node.removeAttribute(name);
      }
    },
  };
}

function problemOf(attribute: Attribute | undefined, { target }: ChangeScope): string | null {
  if (attribute === undefined || attribute.kind === 'ints' || attribute.kind === 'int') return null;
  const isList = attribute.kind === 'reference' && attribute.type === typeOfInts;
  if (isList && target >= versionOfListConstants) return null;
  return `attribute '${attribute.name}' is not a list of whole numbers`;
}

/** An empty list means what no list means. */
function inputOf(node: Node, attribute: Attribute, scope: ChangeScope): Value | null {
  const { name: role } = attribute;
  switch (attribute.kind) {
    case 'int':
      return insertConstant(node, { role, content: vector([attribute.value]) }, scope);
    case 'ints':
      if (attribute.value.length === 0) return null;
      return insertConstant(node, { role, content: vector(attribute.value) }, scope);
    case 'reference':
      return insertNode(node, { op: 'Constant', inputs: [], role, attributes: [{ ...attribute, name: 'value_ints' }] });
    default:
      return null;
  }
}

function vector(values: readonly bigint[]): DenseTensor {
  return { type: 'int64', dims: [values.length], data: BigInt64Array.from(values) };
}

/** DFT took its axis, by default 1, as an attribute, and takes it as a scalar. */
export const dftAxisToInput: OperatorChange = {
  problem: (node) => (node.attributes.get('axis')?.kind === 'reference' ? 'the caller decides its axis' : null),
  apply(node, scope) {
    const axis = BigInt(node.int('axis', 1));
    const content: DenseTensor = { type: 'int64', dims: [], data: BigInt64Array.of(axis) };
    node.setInput(2, insertConstant(node, { role: 'axis', content }, scope));
    node.removeAttribute('axis');
  },
};
