import type { LeastSquaresSums } from '../../../src/prune/numeric/least-squares-sums.ts';
import { createRandom } from '../../../src/stats/seeded-random.ts';

/** Rows of what layers read and should make, all groups beside each other. */
export interface Samples {
  readonly rows: number;
  readonly groups: number;
  readonly n: number;
  readonly m: number;
  /** `[rows, groups * n]`. */
  readonly x: Float64Array;
  /** `[rows, groups * m]`. */
  readonly z: Float64Array;
}

export interface SampleSize {
  readonly rows: number;
  readonly n: number;
  readonly m: number;
  readonly groups?: number;
}

/** The element at an index that is there. */
export function at(numbers: ArrayLike<number>, index: number): number {
  return numbers[index] ?? Number.NaN;
}

function add(into: Float64Array, index: number, term: number): void {
  into[index] = at(into, index) + term;
}

/** Inputs that depend on each other, with means of their own, and outputs of a linear layer with noise. */
export function samplesOf({ rows, n, m, groups = 1 }: SampleSize, seed = 1): Samples {
  const random = createRandom(seed, 'samples', rows, n, m, groups);
  const normals = (length: number) => Float64Array.from({ length }, () => random.normal());
  const [means, mixing] = [normals(groups * n), normals(groups * n * n)];
  const [weights, biases] = [normals(groups * m * n), normals(groups * m)];
  const x = normals(rows * groups * n).map((noise) => 0.3 * noise);
  const z = normals(rows * groups * m).map((noise) => 0.5 * noise);
  for (let place = 0; place < rows * groups; place++) {
    const group = place % groups;
    const hidden = normals(n);
    for (let i = 0; i < n; i++) {
      add(x, place * n + i, at(means, group * n + i));
      const line = (group * n + i) * n;
      for (let h = 0; h < n; h++) add(x, place * n + i, (at(hidden, h) * at(mixing, line + h)) / Math.sqrt(n));
    }
    for (let o = 0; o < m; o++) {
      add(z, place * m + o, at(biases, group * m + o));
      const line = (group * m + o) * n;
      for (let i = 0; i < n; i++) add(z, place * m + o, at(x, place * n + i) * at(weights, line + i));
    }
  }
  return { rows, groups, n, m, x, z };
}

/** Some of the rows. */
export function rowsOf(samples: Samples, from: number, to: number): Samples {
  const { groups, n, m, x, z } = samples;
  const part = (data: Float64Array, width: number) => data.slice(from * groups * width, to * groups * width);
  return { groups, n, m, rows: to - from, x: part(x, n), z: part(z, m) };
}

/** The sums, written out. */
export function sumsOf({ rows, groups, n, m, x, z }: Samples): LeastSquaresSums {
  const sums = {
    rows,
    groups,
    columns: n,
    outputs: m,
    gram: new Float64Array(groups * n * n),
    cross: new Float64Array(groups * n * m),
    inputSums: new Float64Array(groups * n),
    targetSums: new Float64Array(groups * m),
    targetSquares: new Float64Array(groups * m),
  };
  for (let place = 0; place < rows * groups; place++) {
    const g = place % groups;
    const xs = x.subarray(place * n, (place + 1) * n);
    const zs = z.subarray(place * m, (place + 1) * m);
    for (const [i, a] of xs.entries()) {
      add(sums.inputSums, g * n + i, a);
      for (const [j, b] of xs.entries()) add(sums.gram, (g * n + i) * n + j, a * b);
      for (const [o, b] of zs.entries()) add(sums.cross, (g * n + i) * m + o, a * b);
    }
    for (const [o, b] of zs.entries()) {
      add(sums.targetSums, g * m + o, b);
      add(sums.targetSquares, g * m + o, b * b);
    }
  }
  return sums;
}

export interface Layer {
  readonly weights: ArrayLike<number>;
  readonly bias: ArrayLike<number> | null;
}

/** One output of a layer, row by row. */
export function outputOf({ rows, groups, n, m, x }: Samples, { weights, bias }: Layer, output: number): Float64Array {
  const group = Math.floor(output / m);
  return Float64Array.from({ length: rows }, (_, row) => {
    let y = bias === null ? 0 : at(bias, output);
    for (let i = 0; i < n; i++) y += at(x, (row * groups + group) * n + i) * at(weights, output * n + i);
    return y;
  });
}

export function targetOf({ rows, groups, m, z }: Samples, output: number): Float64Array {
  return Float64Array.from({ length: rows }, (_, row) => at(z, row * groups * m + output));
}

export function meanOf(numbers: Float64Array): number {
  return numbers.reduce((sum, x) => sum + x, 0) / numbers.length;
}

export function deviationOf(numbers: Float64Array): number {
  const mean = meanOf(numbers);
  return Math.sqrt(meanOf(numbers.map((x) => (x - mean) ** 2)));
}

/** Squared error of a layer on the rows over the variation of what it should make, written out. */
export function errorOn(samples: Samples, layer: Layer): number {
  let [error, variation] = [0, 0];
  for (let output = 0; output < samples.groups * samples.m; output++) {
    const target = targetOf(samples, output);
    const made = outputOf(samples, layer, output);
    error += target.reduce((sum, z, row) => sum + (z - at(made, row)) ** 2, 0);
    variation += samples.rows * deviationOf(target) ** 2;
  }
  return error / variation;
}

/** Solves `A x = b` by elimination with the largest pivot. */
export function eliminate(a: readonly (readonly number[])[], b: readonly number[]): number[] {
  const rows = a.map((row, i) => [...row, at(b, i)]);
  for (const column of rows.keys()) {
    const rest = rows.slice(column).toSorted((p, q) => Math.abs(at(q, column)) - Math.abs(at(p, column)));
    rows.splice(column, rest.length, ...rest);
    const pivot = rows[column] ?? [];
    for (const [index, row] of rows.entries()) {
      if (index === column) continue;
      const factor = at(row, column) / at(pivot, column);
      for (let k = column; k < row.length; k++) row[k] = at(row, k) - factor * at(pivot, k);
    }
  }
  return rows.map((row, i) => at(row, row.length - 1) / at(row, i));
}

/** X^T X of rows that depend on each other. */
export function randomGram(n: number, rows: number, seed = 1): Float64Array {
  return sumsOf(samplesOf({ rows, n, m: 1 }, seed)).gram;
}

export function randomWeights(length: number, seed = 1): Float32Array {
  const random = createRandom(seed, 'weights', length);
  return Float32Array.from({ length }, () => random.normal());
}
