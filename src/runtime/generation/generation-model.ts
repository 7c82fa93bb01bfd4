import type { DataType } from '../../onnx/data-type.ts';

/** An input that is told by the token ids: masks, positions and the like. */
export interface FedInput {
  readonly name: string;
  readonly type: DataType;
}

/** Element types that a cache may have. */
export type CacheType = 'float32' | 'float16' | 'int8' | 'uint8';

/** A part of the cache, which goes in as `past` and comes out as `present`. */
export interface CachePair {
  readonly past: string;
  readonly present: string;
  readonly type: CacheType;
  /** Axis lengths; `length` is the axis that grows by each token. A state without one stays as large as it is. */
  readonly dims: readonly (number | 'batch' | 'length')[];
}

/** All that is needed to write text with a decoder: what it is fed, what it returns, and what of it goes back in. */
export interface GenerationModel {
  /** [batch, tokens] */
  readonly ids: FedInput & {
    /** Tokens of every run, where the model fixes them; null for any number. */
    readonly fixedLength: number | null;
  };
  /** [batch, tokens of the past and of this run]: 1 for tokens to look at. */
  readonly mask: FedInput | null;
  /** [batch, tokens] */
  readonly positions: FedInput | null;
  /** [batch, tokens], all 0 */
  readonly types: FedInput | null;
  /** Whether to look at the past, in decoders that are two merged into one. */
  readonly branch: string | null;
  /** Of how many tokens, the last, logits are wanted. */
  readonly logitsToKeep: FedInput | null;
  /** [batch, tokens, vocabulary] or [batch, vocabulary] */
  readonly logits: string;
  /** Empty for models that see the whole text in every run. */
  readonly cache: readonly CachePair[];
}
