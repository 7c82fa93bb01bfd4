import type { Node } from '../../../src/onnx/node.ts';
import type { NdArray } from './nd-array.ts';

/** A node and what it reads. */
export interface NodeCall {
  readonly node: Node;
  /** Null where an optional input is left out. */
  readonly inputs: readonly (NdArray | null)[];
  /** An input that must be there. */
  input(index: number): NdArray;
  /** An input, or null where it is left out. */
  optional(index: number): NdArray | null;
  /** The elements of an input as plain numbers, or null where it is left out: axes, shapes. */
  numbers(index: number): readonly number[] | null;
  /** Says how far an element is from a point where the operator has no derivative. */
  kink(distance: number): void;
}

/** Computes a node's outputs as the ONNX operator's specification says, with nothing clever about it. */
export type ReferenceOp = (call: NodeCall) => readonly NdArray[];

export type ReferenceOps = Readonly<Record<string, ReferenceOp>>;
