import type { DenseTensor } from '../../onnx/dense-tensor.ts';
import type { Graph } from '../../onnx/graph.ts';
import { constantOf } from '../../onnx/passes/constant-of.ts';
import { Tensor } from '../../onnx/tensor.ts';
import type { Value } from '../../onnx/value.ts';
import { floatsOf } from '../blocks/floats-of.ts';

/**
 * A constant of float32 in memory, only to be read; null for anything else, such as one that is computed or of another
 * type.
 */
export function floatConstant(
  value: Value | null,
): { readonly dims: readonly number[]; readonly data: Float32Array } | null {
  const tensor = constantOf(value);
  if (tensor === null || tensor.type !== 'float32') return null;
  return { dims: tensor.dims, data: floatsOf(tensor) };
}

/** Adds a constant to a graph. The name is made unique. */
export function addConstant(graph: Graph, name: string, tensor: DenseTensor): Value {
  return graph.addInitializer(name, Tensor.fromDense(tensor));
}

/** Takes constants away that nothing reads any more. Inputs' defaults stay. */
export function removeUnread(values: Iterable<Value | null>): void {
  for (const value of values) {
    if (value === null || value.isInput || !value.isUnused) continue;
    if (value.isInitializer) value.graph.removeInitializer(value);
    else if (value.producer?.is('Constant') === true) value.graph.remove(value.producer);
  }
}
