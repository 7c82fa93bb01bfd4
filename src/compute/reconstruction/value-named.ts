import type { Graph } from '../../onnx/graph.ts';
import { valuesOf } from '../../onnx/traverse.ts';
import type { Value } from '../../onnx/value.ts';

/** A value of a graph's own scope. Throws RangeError where there is none. */
export function valueNamed(graph: Graph, name: string): Value {
  for (const value of valuesOf(graph)) if (value.name === name) return value;
  throw new RangeError(`there is no value '${name}'`);
}
