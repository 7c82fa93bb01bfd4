import type { Value } from '../../onnx/value.ts';
import { isProduct, mayResize, maySkip } from './operator-roles.ts';

/** A way back from a summand that a stream may have come on, past the block that the sum closes. */
export interface Shortcut {
  /** Where the way begins. */
  readonly from: Value;
  /** Nodes on it; 0 where the value itself is summed. */
  readonly steps: number;
  /** Layers on it: 1 for a projection into another width, else 0. */
  readonly products: number;
  /** Whether a node on it may change the stream's shape: a projection, a pooling, a padding. */
  readonly isResizing: boolean;
}

/** Longest way: a projection with its padding, norm and pooling has four nodes. */
const mostSteps = 6;

/** Most ways: sums on the way have several each. */
const mostWays = 24;

/** Values that come to a summand over other sums, scalings by constants and at most one projection, nearest first. */
export function shortcutsTo(summand: Value): readonly Shortcut[] {
  const ways: Shortcut[] = [{ from: summand, steps: 0, products: 0, isResizing: false }];
  for (const { from, steps, products, isResizing } of ways) {
    const { producer } = from;
    if (producer === null || steps === mostSteps || ways.length >= mostWays) continue;
    const isSum = producer.is('Add', 'Sum');
    const reads = activationsOf(producer.inputs);
    const more = products + Number(isProduct(producer));
    if (more > 1 || !(isSum || (maySkip(producer) && reads.length === 1))) continue;
    const way = { steps: steps + 1, products: more, isResizing: isResizing || mayResize(producer) };
    for (const value of reads) ways.push({ from: value, ...way });
  }
  return ways;
}

/** Those values that are no constants. */
export function activationsOf(values: readonly (Value | null)[]): readonly Value[] {
  return values.filter((value) => value !== null).filter((value) => !value.isInitializer);
}
