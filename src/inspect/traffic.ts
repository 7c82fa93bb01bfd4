import { byteLengthOf } from '../onnx/data-type.ts';
import type { Node } from '../onnx/node.ts';
import type { InferredScope } from '../onnx/shape/inferred-scope.ts';
import type { TensorInfo } from '../onnx/shape/tensor-info.ts';
import type { Value } from '../onnx/value.ts';
import { product } from './mac-rules.ts';

/** Bytes of a tensor; null when type or shape is not known, and for strings, whose elements have no fixed size. */
export function bytesOf({ elementType, shape }: TensorInfo): number | null {
  if (elementType === null || elementType === 'string') return null;
  const count = product(shape);
  return count === null ? null : byteLengthOf(elementType, count);
}

/** Operators that look at the same bytes otherwise, or at the shape alone. */
const views = ['Reshape', 'Flatten', 'Squeeze', 'Unsqueeze', 'Identity', 'Shape', 'Size', 'Constant', 'Dropout'];

/** Operators that read only the elements they pick. */
const pickers = ['Gather', 'GatherElements', 'GatherND', 'Slice', 'Split', 'Compress'];

/** Bytes an operator reads and writes, weights included, each value once; null when one is not known. */
export function trafficOf(node: Node, { types }: InferredScope): number | null {
  if (node.is(...views)) return 0;
  const outputs = total(node.outputs, types);
  if (node.is(...pickers) || node.op === 'GatherBlockQuantized')
    return sum(outputs, sum(outputs, total([node.input(1)], types)));
  return sum(outputs, total(node.inputs, types));
}

function total(values: readonly (Value | null)[], types: ReadonlyMap<Value, TensorInfo>): number | null {
  let bytes: number | null = 0;
  for (const value of new Set(values)) {
    if (value === null) continue;
    const info = types.get(value);
    bytes = sum(bytes, info === undefined ? null : bytesOf(info));
  }
  return bytes;
}

function sum(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a + b;
}
