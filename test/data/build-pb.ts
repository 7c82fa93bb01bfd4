/** A float32 TensorProto put together by hand: fields 1 dims, 2 data_type, 8 name, 9 raw_data. Sizes below 128. */
export function buildPb(name: string, dims: readonly number[], values: readonly number[]): Uint8Array {
  const raw = Buffer.from(Float32Array.from(values).buffer);
  return Buffer.concat([
    Buffer.from(dims.flatMap((dim) => [1 << 3, dim])),
    Buffer.from([2 << 3, 1, (8 << 3) | 2, name.length]),
    Buffer.from(name),
    Buffer.from([(9 << 3) | 2, raw.length]),
    raw,
  ]);
}
