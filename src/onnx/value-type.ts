import type { DataType } from './data-type.ts';

/** An axis as the model declares it: a length, a symbolic dimension's name, or null when nothing is said. */
export type Dimension = number | string | null;

/** A tensor's declared shape; null when not even the rank is known. */
export type Shape = readonly Dimension[] | null;

/** What a value is declared to be. `raw` types (an unknown kind of TypeProto) are kept as they are. */
export type ValueType =
  | { readonly kind: 'tensor' | 'sparse-tensor'; readonly elementType: DataType | null; readonly shape: Shape }
  | { readonly kind: 'sequence' | 'optional'; readonly element: ValueType | null }
  | { readonly kind: 'map'; readonly keyType: DataType | null; readonly element: ValueType | null }
  | { readonly kind: 'opaque' };

/** A dense tensor's type. */
export function tensorType(elementType: DataType, shape: Shape = null): ValueType {
  return { kind: 'tensor', elementType, shape };
}

/** Whether every axis is a number. */
export function isStaticShape(shape: Shape): shape is readonly number[] {
  return shape !== null && shape.every((dim) => typeof dim === 'number');
}
