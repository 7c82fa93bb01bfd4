import type { Dimension, Shape } from '../value-type.ts';
import { isLength } from './tensor-info.ts';

/** A length, or null for what cannot be one. */
export function lengthOrNull(value: number): number | null {
  return isLength(value) ? value : null;
}

export function addDimensions(a: Dimension, b: Dimension): Dimension {
  if (typeof a === 'number' && typeof b === 'number') return lengthOrNull(a + b);
  if (a === 0) return b;
  return b === 0 ? a : null;
}

export function multiplyDimensions(a: Dimension, b: Dimension): Dimension {
  if (a === 0 || b === 0) return 0;
  if (typeof a === 'number' && typeof b === 'number') return lengthOrNull(a * b);
  if (a === 1) return b;
  return b === 1 ? a : null;
}

/** Elements of a shape; null when it is not one number or one symbol. */
export function productOf(dims: readonly Dimension[]): Dimension {
  return dims.reduce(multiplyDimensions, 1);
}

/** Length of an axis that two tensors share: the more telling of both; null where they contradict each other. */
export function sameDimension(a: Dimension, b: Dimension): Dimension {
  if (a === null) return b;
  if (b === null || a === b) return a;
  if (typeof a === 'number') return typeof b === 'number' ? null : a;
  return typeof b === 'number' ? b : null;
}

/** What holds in both of two cases. */
export function joinShapes(a: Shape, b: Shape): Shape {
  if (a === null || b === null || a.length !== b.length) return null;
  return a.map((dim, axis) => (dim === b[axis] ? dim : null));
}

/** An axis counted from the front; null when it is out of range. */
export function axisFrom(axis: number, rank: number): number | null {
  const index = axis < 0 ? axis + rank : axis;
  return Number.isInteger(index) && index >= 0 && index < rank ? index : null;
}

/** Axes counted from the front, sorted, each once; null when one is unknown, out of range or named twice. */
export function axesFrom(axes: readonly (number | string | null)[], rank: number): readonly number[] | null {
  const found = new Set<number>();
  for (const axis of axes) {
    const index = typeof axis === 'number' ? axisFrom(axis, rank) : null;
    if (index === null || found.has(index)) return null;
    found.add(index);
  }
  return [...found].toSorted((a, b) => a - b);
}

/** A shape with one axis replaced. */
export function withAxis(shape: readonly Dimension[], axis: number, dim: Dimension): readonly Dimension[] {
  return shape.map((old, index) => (index === axis ? dim : old));
}

/** The axis at a place; null when out of range. */
export function dimensionAt(shape: Shape, axis: number): Dimension {
  return shape?.[axis] ?? null;
}
