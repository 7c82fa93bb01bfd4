import type { TensorInfo } from '../onnx/shape/tensor-info.ts';
import { tensorOfNumbers } from '../onnx/tensor-types/tensor-of-numbers.ts';
import { Tensor } from '../onnx/tensor.ts';
import { isStaticShape } from '../onnx/value-type.ts';

/** The tensor that an info tells whole, as shape arithmetic does: int64 or int32, nothing rounded. Else null. */
export function knownContent(info: TensorInfo | undefined): Tensor | null {
  if (info === undefined || info.content === null || !isStaticShape(info.shape)) return null;
  if (info.elementType !== 'int64' && info.elementType !== 'int32') return null;
  const fits = info.elementType === 'int64' ? Number.isSafeInteger : isInt32;
  const numbers = info.content.filter((element) => typeof element === 'number');
  if (numbers.length < info.content.length || !numbers.every(fits)) return null;
  return Tensor.fromDense(tensorOfNumbers(info.elementType, info.shape, numbers));
}

function isInt32(value: number): boolean {
  return (value | 0) === value;
}
