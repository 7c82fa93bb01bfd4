import type { DataType } from './data-type.ts';

/** An input or output as the model declares it. */
export interface ValueSignature {
  readonly name: string;
  readonly type: DataType;
  /** A number, or a symbolic dimension's name; an unnamed one is called `INPUT#AXIS`. */
  readonly shape: readonly (number | string)[];
}

export interface ModelSignature {
  readonly inputs: readonly ValueSignature[];
  readonly outputs: readonly ValueSignature[];
}
