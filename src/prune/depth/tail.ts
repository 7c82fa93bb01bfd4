import type { Node } from '../../onnx/node.ts';
import type { Value } from '../../onnx/value.ts';
import type { DataFlow } from './data-flow.ts';
import { isPool, mayFollowSum } from './operator-roles.ts';
import { activationsOf } from './shortcuts.ts';

/** Norms and activations that alone read a sum, or one another, in order. */
export function tailBehind(sum: Value, flow: DataFlow): readonly Node[] {
  const tail: Node[] = [];
  for (let value: Value | null = sum; value !== null;) {
    const [node, ...others]: readonly Node[] = value.isOutput ? [] : flow.readersOf(value);
    if (node === undefined || others.length > 0 || !mayFollowSum(node)) break;
    if (activationsOf(node.inputs).length !== 1 || node.input(0) !== value) break;
    tail.push(node);
    value = node.output(0);
  }
  return tail;
}

/**
 * How much of a tail belongs to the block in front of it: as much as the block's input has behind itself already. A
 * stream that is normalized behind every sum (Vaswani and others, 2017), or rectified (He and others, 2016), goes on as
 * it came; the one norm at the end of a stream that is normalized in front of every layer stays.
 */
export function ownTail(input: Value, tail: readonly Node[]): readonly Node[] {
  for (let count = tail.length; count > 0; count--)
    if (endsWith(input, tail.slice(0, count))) return tail.slice(0, count);
  return [];
}

function endsWith(input: Value, tail: readonly Node[]): boolean {
  let value: Value | null = input;
  for (const node of tail.toReversed()) {
    while (value?.producer && isPool(value.producer)) value = value.producer.input(0);
    const maker: Node | null = value?.producer ?? null;
    if (maker === null || maker.op !== node.op || maker.domain !== node.domain) return false;
    value = maker.input(0);
  }
  return true;
}
