import type { ValueSignature } from '../onnx/signature.ts';
import type { Random } from '../stats/seeded-random.ts';
import type { BatchAxis } from './batch-axis.ts';

/** What the data is for, and how much of it is wanted. */
export interface SampleOptions {
  readonly inputs: readonly ValueSignature[];
  readonly outputs: readonly ValueSignature[];
  readonly batchAxis: BatchAxis;
  /** Inputs that the user gives otherwise: the data need not have them, and is not asked for them. */
  readonly given: ReadonlySet<string>;
  /** How many samples to take, chosen by `random`; null takes all in their order. */
  readonly limit: number | null;
  readonly random: Random;
}
