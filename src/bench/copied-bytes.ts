import type { NamedTensors } from '../onnx/dense-tensor.ts';

/** Bytes that a run of a provider with a memory of its own copies to and fro: its inputs and its outputs. */
export interface CopiedBytes {
  readonly toDeviceBytes: number;
  readonly fromDeviceBytes: number;
}

/** The mean over the inputs of the pool; strings stay with the CPU. */
export function copiedBytes(pool: readonly NamedTensors[], outputs: NamedTensors): CopiedBytes {
  const toDeviceBytes = pool.reduce((total, feeds) => total + bytesOf(feeds), 0) / Math.max(1, pool.length);
  return { toDeviceBytes, fromDeviceBytes: bytesOf(outputs) };
}

function bytesOf(tensors: NamedTensors): number {
  return Object.values(tensors).reduce(
    (total, { data }) => total + (ArrayBuffer.isView(data) ? data.byteLength : 0),
    0,
  );
}
