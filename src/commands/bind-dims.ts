import { DimensionBindings } from '../data/dimension-bindings.ts';
import { findDimension, symbolicDimensions } from '../data/dimension-names.ts';
import { UsageError } from '../errors.ts';
import type { Model } from '../onnx/model.ts';
import type { Value } from '../onnx/value.ts';

type Dims = Readonly<Record<string, number>>;

/**
 * Lengths by the names of symbolic dimensions, given by those names or by `INPUT#AXIS`. Throws UsageError
 * `unknown-dimension` for a name that no input has, `dimension-conflict` for two lengths of one.
 */
export function bindDims({ graph }: Model, dims: Dims): Dims {
  const inputs = graph.inputs.filter((value) => !value.isInitializer).map(endOf);
  const bindings = new DimensionBindings();
  for (const [name, length] of Object.entries(dims)) {
    const dimension = findDimension(inputs, name);
    if (dimension === null)
      throw new UsageError('unknown-dimension', { dimension: name, known: symbolicDimensions(inputs) });
    bindings.bind(dimension, length);
  }
  return bindings.toRecord();
}

function endOf({ name, type }: Value) {
  const shape = type?.kind === 'tensor' || type?.kind === 'sparse-tensor' ? (type.shape ?? []) : [];
  return { name, shape: shape.map((dim, axis) => (dim !== null && isTold(dim) ? dim : `${name}#${axis}`)) };
}

/** Old exporters write an empty name or -1 for a length they do not know. */
function isTold(dim: number | string): boolean {
  return typeof dim === 'string' ? dim !== '' : dim >= 0;
}
