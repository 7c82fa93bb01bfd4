import type { DataType } from '../data-type.ts';
import type { Shape } from '../value-type.ts';

/**
 * Elements of a small tensor, row-major: a number, a symbolic dimension's name, or null for one that is not known.
 * Numbers beyond 2^53 (slice ends such as INT64_MAX) are rounded: good as bounds only. Booleans are 0 and 1.
 */
export type Content = readonly (number | string | null)[] | null;

/** What is known of a tensor without running the model. Null means unknown, never a guess. */
export interface TensorInfo {
  readonly elementType: DataType | null;
  readonly shape: Shape;
  /** Small content when known: the arithmetic on shapes that ends in Reshape, Slice, Expand and the like. */
  readonly content: Content;
}

/** Content of more elements is not followed: shapes, pads and scales are shorter, and 1 KiB is never left on disk. */
export const mostContentElements = 128;

/** No real tensor has more axes; a hostile file could list a million. */
const mostAxes = 64;

export const unknownInfo: TensorInfo = { elementType: null, shape: null, content: null };

/** An info whose lengths are valid: what cannot be one (negative, beyond 2^53) becomes unknown. */
export function tensorInfo(elementType: DataType | null, shape: Shape, content: Content = null): TensorInfo {
  if (shape === null || shape.length > mostAxes) return { elementType, shape: null, content: null };
  const isValid = shape.every((dim) => typeof dim !== 'number' || isLength(dim));
  const lengths = isValid ? shape : shape.map((dim) => (typeof dim !== 'number' || isLength(dim) ? dim : null));
  return { elementType, shape: lengths, content: fits(content, lengths) ? content : null };
}

/** Whether a number can be an axis length. */
export function isLength(dim: number): boolean {
  return Number.isSafeInteger(dim) && dim >= 0;
}

function fits(content: Content, shape: readonly (number | string | null)[]): boolean {
  if (content === null || content.length > mostContentElements) return false;
  let count = 1;
  for (const dim of shape) {
    if (typeof dim !== 'number') return false;
    count *= dim;
  }
  return count === content.length;
}
