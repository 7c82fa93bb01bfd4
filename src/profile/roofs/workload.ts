import type { NamedTensors } from '../../onnx/dense-tensor.ts';
import type { Model } from '../../onnx/model.ts';

/** A model that does one thing over and over, to learn how fast the machine does it at best. */
export interface Workload {
  readonly name: string;
  readonly feeds: NamedTensors;
  /** The model that does it so many times in a row. */
  readonly build: (repeats: number) => Model;
  /** FLOP, or bytes read and written, in a run of it. */
  readonly amount: (repeats: number) => number;
}
