import { copyNodes } from '../onnx/copy-graph.ts';
import { Graph } from '../onnx/graph.ts';
import { Model } from '../onnx/model.ts';
import type { Value } from '../onnx/value.ts';

/**
 * A copy that computes the same, to be edited and run. Constants are shared, not copied; what a file says beside the
 * computation (doc strings of the model, metadata, unknown fields) stays behind.
 */
export function copyModel(model: Model): Model {
  return new Model({
    irVersion: model.irVersion,
    opsets: model.opsets,
    graph: copyGraph(model.graph),
    functions: model.functions.map((definition) => ({ ...definition, body: copyGraph(definition.body), origin: null })),
  });
}

function copyGraph(graph: Graph): Graph {
  const copy = new Graph(graph.name);
  const values = new Map<Value, Value>();
  for (const value of graph.inputs) {
    const input = copy.addInput(value.name, value.declaredType);
    if (value.tensor !== null) copy.setInitializer(input, value.tensor);
    values.set(value, input);
  }
  for (const value of graph.initializers) {
    if (!value.isInput && value.tensor !== null) values.set(value, copy.addInitializer(value.name, value.tensor));
  }
  copyNodes(graph.nodes(), copy, { before: null, values });
  for (const value of graph.outputs) copy.addOutput(values.get(value) ?? value);
  return copy;
}
