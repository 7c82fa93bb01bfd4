import type { Tensor } from '../../onnx/tensor.ts';

/** A float32 tensor's elements, loaded; not copied where its bytes lie at a multiple of four. RangeError for other types. */
export function floatsOf(tensor: Tensor): Float32Array {
  if (tensor.type !== 'float32') throw new RangeError(`weights of ${tensor.type}`);
  const bytes = tensor.bytes();
  if (bytes.byteOffset % 4 === 0) return new Float32Array(bytes.buffer, bytes.byteOffset, tensor.elementCount);
  return new Float32Array(new Uint8Array(bytes).buffer, 0, tensor.elementCount);
}
