import type { Tensor } from '../tensor.ts';
import { contentChunks } from './content-chunks.ts';

/**
 * Whether two tensors have the same type, shape and elements, bit for bit: NaN equals the same NaN, and zero is not
 * negative zero. Reads stored ones piece by piece, as far as they are the same.
 * @throws ModelError when a stored tensor is not where the model says
 */
export function sameTensor(a: Tensor, b: Tensor): boolean {
  if (a.type !== b.type || a.dims.join() !== b.dims.join()) return false;
  return a.storage === b.storage || sameBytes(contentChunks(a), contentChunks(b));
}

/** Compares what chunks are in all: they may be cut at different places. */
function sameBytes(a: Iterator<Uint8Array>, b: Iterator<Uint8Array>): boolean {
  let left = nextChunk(a);
  let right = nextChunk(b);
  while (left !== null && right !== null) {
    const shared = Math.min(left.length, right.length);
    if (Buffer.compare(left.subarray(0, shared), right.subarray(0, shared)) !== 0) return false;
    left = left.length > shared ? left.subarray(shared) : nextChunk(a);
    right = right.length > shared ? right.subarray(shared) : nextChunk(b);
  }
  return left === right;
}

/** The next chunk that is not empty; null at the end. */
function nextChunk(chunks: Iterator<Uint8Array>): Uint8Array | null {
  for (let step = chunks.next(); step.done !== true; step = chunks.next()) {
    if (step.value.length > 0) return step.value;
  }
  return null;
}
