/** A constant whose axis carries units. */
export interface UnitAxis {
  readonly data: ArrayLike<number>;
  readonly dims: readonly number[];
  readonly axis: number;
  /** For each index along the axis the unit it belongs to, or -1 for none. */
  readonly units: Int32Array;
}

/** Sum of |w|^power over all elements at each index along the axis. Throws RangeError for data of another size. */
export function axisSums({ data, dims, axis }: Omit<UnitAxis, 'units'>, power: 1 | 2): Float64Array {
  const length = dims[axis] ?? 0;
  const inner = dims.slice(axis + 1).reduce((product, dim) => product * dim, 1);
  const block = length * inner;
  if (data.length !== dims.reduce((product, dim) => product * dim, 1))
    throw new RangeError(`${data.length} elements are no [${dims.join(', ')}]`);
  const sums = new Float64Array(length);
  for (let start = 0; start < data.length; start += block) {
    for (let i = 0; i < length; i++) {
      let sum = 0;
      for (let at = start + i * inner, end = at + inner; at < end; at++) {
        const weight = data[at] ?? 0;
        sum += power === 1 ? Math.abs(weight) : weight * weight;
      }
      sums[i] = (sums[i] ?? 0) + sum;
    }
  }
  return sums;
}

/** Sums of numbers by unit: of all columns of a head, of all places of a flattened channel. */
export function sumsByUnit(values: ArrayLike<number>, units: Int32Array, count: number): Float64Array {
  const sums = new Float64Array(count);
  for (const [i, unit] of units.entries()) if (unit >= 0) sums[unit] = (sums[unit] ?? 0) + (values[i] ?? 0);
  return sums;
}
