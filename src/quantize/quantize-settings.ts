import type { BlockAlgorithm, CalibrationMethod, Method, Scheme, Target } from './vocabulary.ts';

/** How to quantize, as it was asked for. */
export interface QuantizeSettings {
  readonly scheme: Scheme;
  readonly method: Method;
  readonly target: Target;
  readonly calibration: CalibrationMethod;
  /** Upper percentile of `percentile`, such as 99.99. */
  readonly percentile: number;
  readonly activations: 'uint8' | 'int8' | 'uint16' | 'int16';
  readonly perChannel: boolean;
  /** 7-bit weights: null for where the target's processor saturates otherwise. */
  readonly reduceRange: boolean | null;
  /** Elements of a block: 16, 32, 64, 128 or 256. */
  readonly blockSize: number;
  /** Blocks without zero points. */
  readonly symmetric: boolean;
  readonly algorithm: BlockAlgorithm;
  /** `accuracy_level` of MatMulNBits: 4 computes in int8. */
  readonly accuracyLevel: 0 | 1 | 4;
  /** Quantize tables that Gather reads, too. */
  readonly embeddings: boolean;
  /** SmoothQuant's exponent: null for off, `auto` where it pays. */
  readonly smooth: number | 'auto' | null;
  readonly biasCorrection: boolean;
  /** float16: inputs and outputs stay float32. */
  readonly keepIo: boolean;
  /** Names or operators of nodes that stay in float; `*` stands for anything. */
  readonly exclude: readonly string[];
}
