import { byteLengthOf } from '../onnx/data-type.ts';
import { elementCount } from '../onnx/dense-tensor.ts';
import type { TensorInfo } from '../onnx/shape/tensor-info.ts';
import { isStaticShape } from '../onnx/value-type.ts';
import type { Value } from '../onnx/value.ts';

/**
 * Bytes a value takes, at most, told before it is computed; null where nobody knows, strings included. An output that
 * nobody reads is computed too.
 */
export function resultBytes(value: Value, types: ReadonlyMap<Value, TensorInfo>): number | null {
  const info = types.get(value);
  if (value.producer?.is('NonZero') === true) return mostNonZeroBytes(value.producer.input(0), types);
  if (!info?.elementType || info.elementType === 'string' || !isStaticShape(info.shape)) return null;
  return byteLengthOf(info.elementType, elementCount(info.shape));
}

/** As many int64 coordinates as there are elements. */
function mostNonZeroBytes(input: Value | null, types: ReadonlyMap<Value, TensorInfo>): number | null {
  const shape = (input && types.get(input)?.shape) ?? null;
  return isStaticShape(shape) ? 8 * Math.max(1, shape.length) * elementCount(shape) : null;
}
