import { attributeOf } from '../attribute.ts';
import type { DataType } from '../data-type.ts';
import { longs } from '../graph-builder.ts';
import type { Node } from '../node.ts';
import type { Value } from '../value.ts';
import { insertConstant, insertNode } from './insert-node.ts';
import type { ChangeScope, OperatorChange } from './operator-change.ts';

/** TensorProto's number for float64. */
const typeOfDouble = 11;

/** Without `spatial` statistics are always one number a channel. */
export const batchNormalizationSpatial: OperatorChange = {
  problem(node) {
    const spatial = node.attributes.get('spatial');
    if (spatial === undefined || (spatial.kind === 'int' && spatial.value !== 0n)) return null;
    return 'statistics of each place (spatial=0) cannot be expressed';
  },
  apply: (node) => node.removeAttribute('spatial'),
};

/** Before `training_mode` further outputs meant training, which ends in other outputs. */
export const batchNormalizationTraining: OperatorChange = {
  problem: (node) =>
    node.outputs.slice(1).every((value) => value === null) ? null : 'it has the further outputs of training',
  apply: () => {},
};

/** GroupNormalization's scale and bias, first one number a group, became one a channel. */
export const groupNormalizationChannels: OperatorChange = {
  problem: (node, scope) => (channelsOfGroup(node, scope) === null ? 'the number of channels is not known' : null),
  apply(node, scope) {
    const perGroup = channelsOfGroup(node, scope) ?? 1;
    for (const index of [1, 2]) {
      const value = node.input(index);
      if (value !== null && perGroup !== 1)
        node.setInput(index, repeat(node, { value, count: perGroup, index }, scope));
    }
    // Version 21 computes in float32 unless told otherwise.
    if (elementTypeOf(node, scope) === 'float64') node.setAttribute(attributeOf.int('stash_type', typeOfDouble));
  },
};

function elementTypeOf(node: Node, { types }: ChangeScope): DataType | null {
  const input = node.input(0);
  return input === null ? null : (types.get(input)?.elementType ?? null);
}

function channelsOfGroup(node: Node, { types }: ChangeScope): number | null {
  const input = node.input(0);
  const channels = input === null ? null : types.get(input)?.shape?.[1];
  const groups = node.int('num_groups', 0);
  return typeof channels === 'number' && groups > 0 && channels % groups === 0 ? channels / groups : null;
}

interface Repeat {
  readonly value: Value;
  readonly count: number;
  readonly index: number;
}

/** `[a, b]` -> `[a, a, a, b, b, b]`: as a column, widened, and made flat again. */
function repeat(node: Node, { value, count, index }: Repeat, scope: ChangeScope): Value {
  const list = (role: string, content: readonly number[]) =>
    insertConstant(node, { role: `${role}_${index}`, content: longs(content) }, scope);
  const column = insertNode(node, { op: 'Reshape', inputs: [value, list('column', [-1, 1])], role: `column_${index}` });
  const wide = insertNode(node, { op: 'Expand', inputs: [column, list('width', [1, count])], role: `wide_${index}` });
  return insertNode(node, { op: 'Reshape', inputs: [wide, list('flat', [-1])], role: `channels_${index}` });
}
