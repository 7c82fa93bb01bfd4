import type { Attribute } from '../attribute.ts';
import { attributeOf } from '../attribute.ts';
import type { DenseTensor } from '../dense-tensor.ts';
import type { Node } from '../node.ts';
import { Tensor } from '../tensor.ts';
import type { Value } from '../value.ts';
import type { ChangeScope } from './operator-change.ts';

interface NewNode {
  readonly op: string;
  readonly inputs: readonly (Value | null)[];
  readonly attributes?: readonly Attribute[];
  /** What its output is to the node it is put before, such as `flat`. */
  readonly role: string;
}

/** Puts a node of one output before another and returns the output, named after what the other makes. */
export function insertNode(before: Node, { op, inputs, attributes = [], role }: NewNode): Value {
  const spec = { op, domain: before.domain, inputs, attributes, outputs: [nameFor(before, role)] };
  const output = before.graph?.insertBefore(before, spec).output(0);
  if (!output) throw new RangeError('a removed node has no place in a graph');
  return output;
}

interface NewConstant {
  readonly role: string;
  readonly content: DenseTensor;
}

/** A constant for a node to read: an initializer, or a Constant node where there can be none. */
export function insertConstant(node: Node, { role, content }: NewConstant, { inFunction }: ChangeScope): Value {
  const tensor = Tensor.fromDense(content);
  if (!inFunction && node.graph) return node.graph.addInitializer(nameFor(node, role), tensor);
  return insertNode(node, { op: 'Constant', inputs: [], attributes: [attributeOf.tensor('value', tensor)], role });
}

function nameFor(node: Node, role: string): string {
  return `${node.outputs.find((value) => value !== null)?.name ?? node.op}_${role}`;
}
