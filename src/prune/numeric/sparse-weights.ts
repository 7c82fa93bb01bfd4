/** Which weights become 0: a share of all, or all but `keep` of each `of` neighbors along the inputs. */
export type SparseTarget = { readonly ratio: number } | SparsePattern;

export interface SparsePattern {
  readonly keep: number;
  readonly of: number;
}

/** A weight `[outputs, inputs * taps]`: of Conv `[M, C, kH * kW]`, of a product one tap. */
export interface WeightRows {
  readonly data: Float32Array;
  readonly outputs: number;
  readonly inputs: number;
  readonly taps: number;
}

export interface SparseWeights {
  /** As the weight lay. */
  readonly data: Float32Array;
  /** Weights that are 0. */
  readonly zeros: number;
}

/** The weight with 0 where `isRemoved` is not. */
export function withoutRemoved(data: Float32Array, isRemoved: Uint8Array): SparseWeights {
  return counted(data.map((weight, i) => (isRemoved[i] === 0 ? weight : 0)));
}

export function counted(data: Float32Array): SparseWeights {
  return { data, zeros: data.reduce((zeros, weight) => zeros + (weight === 0 ? 1 : 0), 0) };
}
