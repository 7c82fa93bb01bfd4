import { bytesOfElements } from '../../onnx/dense-tensor.ts';
import { Tensor } from '../../onnx/tensor.ts';
import { encodeFloats } from '../../onnx/tensor-types/encode-floats.ts';
import { floatChunks } from './float-chunks.ts';
import { largestFloat16, smallestFloat16 } from './float16-limits.ts';

/** Bytes of float32 from which a constant is converted while it is saved, not in memory. */
const largeBytes = 2 ** 20;

/** Elements that float16 could not hold. */
export interface Clamped {
  readonly tooLarge: number;
  readonly tooSmall: number;
}

/** A constant in float16, and what was lost. */
export interface Float16Tensor {
  readonly tensor: Tensor;
  readonly clamped: Clamped;
}

/**
 * A float32 tensor in float16, rounded to nearest and ties to even. What is beyond ±65504 becomes that, what would
 * become zero becomes ±2^-24; zeros, infinities and NaN stay. Tensors of 1 MiB and more are converted while the model
 * is saved, 256 KiB at a time.
 * @throws ModelError when a stored tensor is not where the model says
 */
export function float16Tensor(source: Tensor): Float16Tensor {
  const { dims, docString, metadata, name } = source;
  const clamped = { tooLarge: 0, tooSmall: 0 };
  const isLarge = source.byteLength >= largeBytes;
  const parts: Uint8Array[] = [];
  for (const floats of floatChunks(source)) {
    clampFloats(floats, clamped);
    if (!isLarge) parts.push(encoded(floats));
  }
  const storage = isLarge
    ? ({ kind: 'derived', produce: () => float16Chunks(source) } as const)
    : ({ kind: 'inline', bytes: Buffer.concat(parts) } as const);
  return { tensor: new Tensor({ type: 'float16', dims, storage, docString, metadata, name }), clamped };
}

function* float16Chunks(source: Tensor): Generator<Uint8Array, void, undefined> {
  for (const floats of floatChunks(source)) {
    clampFloats(floats, { tooLarge: 0, tooSmall: 0 });
    yield encoded(floats);
  }
}

function encoded(floats: Float32Array): Uint8Array {
  const codes = encodeFloats('float16', floats);
  return new Uint8Array(bytesOfElements(codes));
}

function clampFloats(floats: Float32Array, clamped: { tooLarge: number; tooSmall: number }): void {
  for (let i = 0; i < floats.length; i++) {
    const value = floats[i] ?? 0;
    const magnitude = Math.abs(value);
    if (magnitude > largestFloat16 && magnitude !== Infinity) {
      clamped.tooLarge++;
      floats[i] = Math.sign(value) * largestFloat16;
    } else if (magnitude < smallestFloat16 && magnitude !== 0) {
      clamped.tooSmall++;
      floats[i] = Math.sign(value) * smallestFloat16;
    }
  }
}
