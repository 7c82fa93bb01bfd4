import type { LayerSums } from '../../compute/reconstruction/layer-sums.ts';

/**
 * What least squares need to know of a layer: sums over rows x of what it reads now and z of what it should make. All
 * of one group lies together: gram `[groups, n, n]`, cross `[groups, n, m]`.
 */
export type LeastSquaresSums = Omit<LayerSums, 'node'>;

/** A linear layer z = W x + b. */
export interface LinearLayer {
  /** `[groups, outputs, columns]`, as Conv has it and Gemm under transB: a row an output. */
  readonly weights: Float32Array;
  /** `[groups, outputs]`; null where the layer adds nothing. */
  readonly bias: Float32Array | null;
}

/** A layer after a refit. */
export interface RefittedLayer extends LinearLayer {
  /** Squared error over the targets' variation. Nothing was won where the second is not below the first. */
  readonly errorBefore: number;
  readonly errorAfter: number;
}

/** The sums of one group, as views. */
export function sumsOfGroup(sums: LeastSquaresSums, group: number): LeastSquaresSums {
  const { columns: n, outputs: m } = sums;
  const part = (data: Float64Array, size: number) => data.subarray(group * size, (group + 1) * size);
  return {
    rows: sums.rows,
    groups: 1,
    columns: n,
    outputs: m,
    gram: part(sums.gram, n * n),
    cross: part(sums.cross, n * m),
    inputSums: part(sums.inputSums, n),
    targetSums: part(sums.targetSums, m),
    targetSquares: part(sums.targetSquares, m),
  };
}

/** The layer of one group, as views. */
export function layerOfGroup(layer: LinearLayer, group: number, sums: LeastSquaresSums): LinearLayer {
  const { columns: n, outputs: m } = sums;
  return {
    weights: layer.weights.subarray(group * m * n, (group + 1) * m * n),
    bias: layer.bias?.subarray(group * m, (group + 1) * m) ?? null,
  };
}

/**
 * The sums of a layer that reads some of the inputs only. With the sums of an unpruned model they tell what a removal
 * costs once the layer is refitted, without building it. Throws RangeError for more than one group.
 */
export function sumsOfColumns(sums: LeastSquaresSums, kept: ArrayLike<number>): LeastSquaresSums {
  if (sums.groups !== 1) throw new RangeError(`columns of ${sums.groups} groups`);
  const { columns: n, outputs: m, gram, cross, inputSums } = sums;
  const columns = kept.length;
  const picked = {
    gram: new Float64Array(columns * columns),
    cross: new Float64Array(columns * m),
    inputSums: new Float64Array(columns),
  };
  for (let i = 0; i < columns; i++) {
    const from = kept[i] ?? 0;
    for (let j = 0; j < columns; j++) picked.gram[i * columns + j] = gram[from * n + (kept[j] ?? 0)] ?? 0;
    picked.cross.set(cross.subarray(from * m, (from + 1) * m), i * m);
    picked.inputSums[i] = inputSums[from] ?? 0;
  }
  return { ...sums, ...picked, columns };
}
