/** Rows and columns at a time, so that what is read and written stays in the first cache. */
const tile = 32;

/** `[rows, columns]` row-major, read into `[columns, rows]` in float64. */
export function transposed(data: ArrayLike<number>, rows: number, columns: number): Float64Array {
  const turned = new Float64Array(rows * columns);
  for (let top = 0; top < rows; top += tile)
    for (let left = 0; left < columns; left += tile)
      for (let i = top; i < Math.min(top + tile, rows); i++)
        for (let j = left; j < Math.min(left + tile, columns); j++) turned[j * rows + i] = data[i * columns + j] ?? 0;
  return turned;
}
