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
