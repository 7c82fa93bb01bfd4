import { type DataType, isFloatType, type NumericType } from '../data-type.ts';
import type { Node } from '../node.ts';
import { tensorOfNumbers } from '../tensor-types/tensor-of-numbers.ts';
import { insertConstant } from './insert-node.ts';
import type { ChangeScope, OperatorChange } from './operator-change.ts';

/** A float attribute that a version made a scalar input of the type of the first input. */
interface FloatMove {
  readonly index: number;
  readonly name: string;
}

/** Clip's `min` and `max`. Left out they mean the type's own limits, before and after. */
export const clipBoundsToInputs: OperatorChange = floatsToInputs([
  { index: 1, name: 'min' },
  { index: 2, name: 'max' },
]);

/** Pad's `value`. */
export const padValueToInput: OperatorChange = floatsToInputs([{ index: 2, name: 'value' }]);

function floatsToInputs(moves: readonly FloatMove[]): OperatorChange {
  return {
    problem(node, scope) {
      const given = moves.filter(({ name }) => node.attributes.has(name));
      const odd = given.find(({ name }) => node.attributes.get(name)?.kind !== 'float');
      if (odd !== undefined) return `attribute '${odd.name}' is not a number`;
      if (given.length === 0 || typeOf(node, scope) !== null) return null;
      return 'the element type of its input is not known';
    },
    apply(node, scope) {
      for (const { index, name } of moves) {
        const type = node.attributes.has(name) ? typeOf(node, scope) : null;
        if (type !== null) {
          const content = tensorOfNumbers(type, [], [node.float(name, 0)]);
          node.setInput(index, insertConstant(node, { role: name, content }, scope));
        }
        node.removeAttribute(name);
      }
    },
  };
}

function typeOf(node: Node, { types }: ChangeScope): NumericType | null {
  const input = node.input(0);
  const type = input === null ? null : (types.get(input)?.elementType ?? null);
  return type !== null && isFloat(type) ? type : null;
}

function isFloat(type: DataType): type is NumericType {
  return isFloatType(type);
}
