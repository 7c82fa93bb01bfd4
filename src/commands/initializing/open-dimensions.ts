import { findBatchAxis } from '../../data/batch-axis.ts';
import { meaningOf, symbolicDimensions } from '../../data/dimension-names.ts';
import { InferError } from '../../errors.ts';
import { openModel } from '../../onnx/file/open-model.ts';
import type { ValueSignature } from '../../onnx/signature.ts';
import type { Value } from '../../onnx/value.ts';

export interface InputDimensions {
  readonly all: readonly string[];
  /** Those whose length nothing tells: neither the batch nor those that their names say enough about. */
  readonly open: readonly string[];
}

/** Symbolic dimensions of a model's inputs. None for a file that cannot be read: whoever measures it says so. */
export function dimensionsOf(path: string): InputDimensions {
  try {
    const opened = openModel(path);
    try {
      return inputDimensions(opened.model.graph.inputs.filter((value) => !value.isInitializer).map(inputOf));
    } finally {
      opened.close();
    }
  } catch (error) {
    if (error instanceof InferError) return { all: [], open: [] };
    throw error;
  }
}

function inputDimensions(inputs: readonly ValueSignature[]): InputDimensions {
  const batch = findBatchAxis(inputs);
  const ofBatch = batch.kind === 'symbolic' ? [batch.dimension, ...batch.also] : [];
  const all = symbolicDimensions(inputs);
  return { all, open: all.filter((dimension) => !ofBatch.includes(dimension) && !isGuessed(dimension)) };
}

/** As `guessDimensions` does. */
function isGuessed(dimension: string): boolean {
  return ['past', 'sequence', 'total'].includes(meaningOf(dimension));
}

/** The element type plays no part here. */
function inputOf({ name, type }: Value): ValueSignature {
  const shape = type?.kind === 'tensor' || type?.kind === 'sparse-tensor' ? (type.shape ?? []) : [];
  const named = shape.map((dim, axis) => (dim !== null && isTold(dim) ? dim : `${name}#${axis}`));
  return { name, type: 'float32', shape: named };
}

/** Old exporters write an empty name or -1 for a length they do not know. */
function isTold(dim: number | string): boolean {
  return typeof dim === 'string' ? dim !== '' : dim >= 0;
}
