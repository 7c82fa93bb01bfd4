import type { Node } from '../node.ts';
import type { Tensor } from '../tensor.ts';
import type { Value } from '../value.ts';

/** Longer lists are weights, not axes, pads or shapes. */
const mostListElements = 1024;

/** The data of a constant: an initializer that no caller can override, or a Constant node's tensor. Else null. */
export function constantOf(value: Value | null): Tensor | null {
  if (value === null) return null;
  if (value.producer?.is('Constant') !== true) return value.constant;
  const attribute = value.producer.attributes.get('value');
  return attribute?.kind === 'tensor' ? attribute.value : null;
}

/** Elements of a small constant of int32 or int64 (a scalar is a list of one); null for anything else. */
export function constantIntegers(value: Value | null): readonly bigint[] | null {
  const tensor = constantOf(value);
  if (tensor === null || (tensor.type !== 'int64' && tensor.type !== 'int32')) return null;
  if (tensor.elementCount > mostListElements) return null;
  const { data } = tensor.toDense();
  return Array.from<string | number | bigint, bigint>(data, BigInt);
}

/**
 * A list that older operator sets take as an attribute and newer ones as an input: `absent` where neither is given,
 * null where it is not constant.
 */
export function listOf<Absent>(
  node: Node,
  { attribute, input, absent }: { readonly attribute: string; readonly input: number; readonly absent: Absent },
): readonly bigint[] | Absent | null {
  const found = node.attributes.get(attribute);
  if (found !== undefined) return found.kind === 'ints' ? found.value : null;
  const value = node.input(input);
  return value === null ? absent : constantIntegers(value);
}

/** Whether a function's caller decides one of its attributes, so that nothing can be told of it here. */
export function hasReferences(node: Node): boolean {
  for (const { kind } of node.attributes.values()) if (kind === 'reference') return true;
  return false;
}
