import type { Tensor } from '../../onnx/tensor.ts';
import { contentChunks } from '../../onnx/tensor-types/content-chunks.ts';

/**
 * The elements of a float32 tensor, about 65,536 at a time; the arrays are the caller's own.
 * @throws ModelError when a stored tensor is not where the model says
 */
export function* floatChunks(source: Tensor): Generator<Float32Array, void, undefined> {
  // A chunk of the file may end inside an element.
  let rest: Uint8Array = new Uint8Array(0);
  for (const chunk of contentChunks(source)) {
    const bytes = Buffer.concat([rest, chunk]);
    const whole = bytes.length - (bytes.length % 4);
    rest = bytes.subarray(whole);
    yield new Float32Array(new Uint8Array(bytes.subarray(0, whole)).buffer);
  }
}
