/** Some rows of a row-major matrix. */
export interface MatrixRows {
  readonly data: Float64Array;
  /** Where the first of them begins. */
  readonly start: number;
  readonly stride: number;
  readonly count: number;
}

export interface RowProductsOptions {
  readonly left: MatrixRows;
  readonly right: MatrixRows;
  /** Elements of a row that take part. */
  readonly length: number;
  /** `[left.count, right.count]`, overwritten. */
  readonly out: Float64Array;
}

/**
 * Inner products of every left row with every right row. Two by four at a time, so that eight sums run side by side
 * and every number loaded is used more than once; a row past the end is the last one once more.
 */
export function rowProducts({ left, right, length, out }: RowProductsOptions): void {
  for (let i = 0; i < left.count; i += 2)
    for (let j = 0; j < right.count; j += 4) productTile({ left, right, length, out }, i, j);
}

function productTile({ left, right, length, out }: RowProductsOptions, i: number, j: number): void {
  const [a, b] = [left.data, right.data];
  const i1 = Math.min(i + 1, left.count - 1);
  const j1 = Math.min(j + 1, right.count - 1);
  const j2 = Math.min(j + 2, right.count - 1);
  const j3 = Math.min(j + 3, right.count - 1);
  const a0 = left.start + i * left.stride;
  const a1 = left.start + i1 * left.stride;
  const b0 = right.start + j * right.stride;
  const b1 = right.start + j1 * right.stride;
  const b2 = right.start + j2 * right.stride;
  const b3 = right.start + j3 * right.stride;
  let [s00, s01, s02, s03, s10, s11, s12, s13] = [0, 0, 0, 0, 0, 0, 0, 0];
  for (let m = 0; m < length; m++) {
    const x0 = a[a0 + m] ?? 0;
    const x1 = a[a1 + m] ?? 0;
    const y0 = b[b0 + m] ?? 0;
    const y1 = b[b1 + m] ?? 0;
    const y2 = b[b2 + m] ?? 0;
    const y3 = b[b3 + m] ?? 0;
    s00 += x0 * y0;
    s01 += x0 * y1;
    s02 += x0 * y2;
    s03 += x0 * y3;
    s10 += x1 * y0;
    s11 += x1 * y1;
    s12 += x1 * y2;
    s13 += x1 * y3;
  }
  const top = i * right.count;
  const bottom = i1 * right.count;
  out[bottom + j3] = s13;
  out[bottom + j2] = s12;
  out[bottom + j1] = s11;
  out[bottom + j] = s10;
  out[top + j3] = s03;
  out[top + j2] = s02;
  out[top + j1] = s01;
  out[top + j] = s00;
}
