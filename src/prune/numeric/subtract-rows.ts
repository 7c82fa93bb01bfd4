/** Numbers in a row of something larger. */
export interface Span {
  readonly into: Float64Array;
  readonly at: number;
  readonly length: number;
}

/** Rows `[count, width]` and a factor for each. */
export interface WeightedRows {
  readonly data: Float64Array;
  readonly width: number;
  readonly count: number;
  readonly factors: Float64Array;
}

/** Takes the weighted sum of the rows' first numbers away. Four rows at a time, so that what they change is read once. */
export function subtractRows({ into, at, length }: Span, { data, width, count, factors }: WeightedRows): void {
  let row = 0;
  for (; row + 4 <= count; row += 4) {
    const [f0, f1, f2, f3] = [factors[row] ?? 0, factors[row + 1] ?? 0, factors[row + 2] ?? 0, factors[row + 3] ?? 0];
    const r0 = row * width;
    const [r1, r2, r3] = [r0 + width, r0 + 2 * width, r0 + 3 * width];
    for (let k = 0; k < length; k++) {
      const sum =
        f0 * (data[r0 + k] ?? 0) + f1 * (data[r1 + k] ?? 0) + f2 * (data[r2 + k] ?? 0) + f3 * (data[r3 + k] ?? 0);
      into[at + k] = (into[at + k] ?? 0) - sum;
    }
  }
  for (; row < count; row++) {
    const [factor, start] = [factors[row] ?? 0, row * width];
    for (let k = 0; k < length; k++) into[at + k] = (into[at + k] ?? 0) - factor * (data[start + k] ?? 0);
  }
}
