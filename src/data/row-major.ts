/** The same array with its last axis running fastest, from one whose first axis does (numpy's Fortran order). */
export function toRowMajor(
  bytes: Uint8Array,
  { dims, itemBytes }: { readonly dims: readonly number[]; readonly itemBytes: number },
): Uint8Array {
  const rowMajor = new Uint8Array(bytes.length);
  const strides: number[] = [];
  let stride = itemBytes;
  for (const dim of dims) {
    strides.push(stride);
    stride *= dim;
  }
  const position = dims.map(() => 0);
  let source = 0;
  for (let target = 0; target < bytes.length; target += itemBytes) {
    for (let byte = 0; byte < itemBytes; byte++) rowMajor[target + byte] = bytes[source + byte] ?? 0;
    source += step(position, dims, strides);
  }
  return rowMajor;
}

/** Counts `position` on by one, last axis first; returns how far the element's source moves, in bytes. */
function step(position: number[], dims: readonly number[], strides: readonly number[]): number {
  let moved = 0;
  for (let axis = dims.length - 1; axis >= 0; axis--) {
    const stride = strides[axis] ?? 0;
    const next = (position[axis] ?? 0) + 1;
    if (next < (dims[axis] ?? 0)) {
      position[axis] = next;
      return moved + stride;
    }
    moved -= (next - 1) * stride;
    position[axis] = 0;
  }
  return moved;
}
