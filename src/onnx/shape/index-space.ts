import type { Shape } from '../value-type.ts';
import { isStaticShape } from '../value-type.ts';
import type { Content } from './tensor-info.ts';
import { mostContentElements } from './tensor-info.ts';

/** Distance, in elements, between neighbors along each axis of a row-major tensor. */
export function stridesOf(dims: readonly number[]): readonly number[] {
  let stride = 1;
  return dims
    .toReversed()
    .map((dim) => {
      const own = stride;
      stride *= dim;
      return own;
    })
    .toReversed();
}

/**
 * Content of a tensor that takes each of its elements from a place in another: `placeOf` maps an index to the other's
 * row-major position. Null when the shape is not known or the tensor not small.
 */
export function movedContent(
  source: Content,
  shape: Shape,
  placeOf: (index: readonly number[]) => number | null,
): Content {
  return source === null ? null : contentOver(shape, (index) => source[placeOf(index) ?? -1] ?? null);
}

/** Content made element by element; null when the shape is not known or the tensor not small. */
export function contentOver(shape: Shape, elementOf: (index: readonly number[]) => number | string | null): Content {
  if (!isStaticShape(shape)) return null;
  const count = shape.reduce((product, dim) => product * dim, 1);
  if (count > mostContentElements) return null;
  const strides = stridesOf(shape);
  return Array.from({ length: count }, (_, position) =>
    elementOf(shape.map((dim, axis) => Math.floor(position / (strides[axis] ?? 1)) % dim)),
  );
}

/** Row-major position of an index. */
export function positionOf(index: readonly number[], strides: readonly number[]): number {
  return index.reduce((sum, at, axis) => sum + at * (strides[axis] ?? 0), 0);
}
