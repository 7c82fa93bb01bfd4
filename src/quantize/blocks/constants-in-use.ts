import type { Graph } from '../../onnx/graph.ts';
import type { Tensor } from '../../onnx/tensor.ts';
import type { Value } from '../../onnx/value.ts';

/** The initializer that holds this very tensor, or a new one: who is given the same tensor shares it. */
export function sharedInitializer(graph: Graph, name: string, tensor: Tensor): Value {
  for (const value of graph.initializers) if (value.constant === tensor) return value;
  return graph.addInitializer(name, tensor);
}

/** Takes an initializer away when nobody reads it any more, with a Transpose before it that nobody reads. */
export function dropUnused(value: Value | null): void {
  if (!value?.isUnused) return;
  const { producer, graph } = value;
  if (producer !== null) {
    const [source = null] = producer.inputs;
    producer.graph?.remove(producer);
    dropUnused(source);
  } else if (value.isInitializer && !value.isInput) graph.removeInitializer(value);
}
