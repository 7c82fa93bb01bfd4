import type { Dimension, Shape } from '../value-type.ts';
import { isStaticShape } from '../value-type.ts';
import { contentOver, positionOf, stridesOf } from './index-space.ts';
import type { Content, TensorInfo } from './tensor-info.ts';

/** numpy's broadcasting of shapes, aligned at the last axis. Null when a rank is unknown or lengths clash. */
export function broadcastShapes(shapes: readonly Shape[]): Shape {
  let result: readonly Dimension[] = [];
  for (const shape of shapes) {
    if (shape === null) return null;
    const joined = broadcastPair(result, shape);
    if (joined === null) return null;
    result = joined;
  }
  return result;
}

function broadcastPair(a: readonly Dimension[], b: readonly Dimension[]): readonly Dimension[] | null {
  const rank = Math.max(a.length, b.length);
  const result: Dimension[] = [];
  for (let axis = 0; axis < rank; axis++) {
    const left = lengthAt(a, axis - rank + a.length);
    const right = lengthAt(b, axis - rank + b.length);
    if (clash(left, right)) return null;
    result.push(broadcastDimension(left, right));
  }
  return result;
}

/** A missing leading axis counts as 1. */
function lengthAt(shape: readonly Dimension[], axis: number): Dimension {
  return axis < 0 ? 1 : (shape[axis] ?? null);
}

function clash(a: Dimension, b: Dimension): boolean {
  return typeof a === 'number' && typeof b === 'number' && a !== b && a !== 1 && b !== 1;
}

/** A number other than 1 decides: whatever the other axis is, it must be that number or 1. */
function broadcastDimension(a: Dimension, b: Dimension): Dimension {
  if (a === b || b === 1) return a;
  if (a === 1) return b;
  if (typeof a === 'number') return a;
  return typeof b === 'number' ? b : null;
}

/** Content of an elementwise operation on small tensors; null unless every operand's content is known. */
export function broadcastContent(
  operands: readonly TensorInfo[],
  shape: Shape,
  compute: (elements: readonly (number | string | null)[]) => number | string | null,
): Content {
  const reads = operands.map((operand) => readerOf(operand, shape?.length ?? 0));
  if (reads.includes(null)) return null;
  return contentOver(shape, (index) => compute(reads.map((read) => read?.(index) ?? null)));
}

/** Reads an operand's element at an index of the broadcast result; null when its content is not known. */
function readerOf({ shape, content }: TensorInfo, rank: number): ((index: readonly number[]) => Element) | null {
  if (content === null || !isStaticShape(shape)) return null;
  const strides = stridesOf(shape).map((stride, axis) => (shape[axis] === 1 ? 0 : stride));
  return (index) => content[positionOf(index.slice(rank - shape.length), strides)] ?? null;
}

type Element = number | string | null;
