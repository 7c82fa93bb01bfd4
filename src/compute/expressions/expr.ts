import type { DataType } from '../../onnx/data-type.ts';
import type { Value } from '../../onnx/value.ts';

/** A value of a graph whose type and shape are known. */
export interface Expr {
  readonly value: Value;
  readonly type: DataType;
  readonly dims: readonly number[];
}

/** The shape of two shapes broadcast against each other as numpy does. Throws RangeError where they do not fit. */
export function broadcastDims(a: readonly number[], b: readonly number[]): readonly number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const x = a[axis - rank + a.length] ?? 1;
    const y = b[axis - rank + b.length] ?? 1;
    if (x !== y && x !== 1 && y !== 1) throw new RangeError(`[${a.join()}] and [${b.join()}] do not broadcast`);
    return x === 1 ? y : x;
  });
}

/** An axis counted from the front. */
export function frontAxis(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis;
}
