import { copyNodes } from '../../onnx/copy-graph.ts';
import type { Graph } from '../../onnx/graph.ts';
import type { Model } from '../../onnx/model.ts';
import type { Node } from '../../onnx/node.ts';
import { upgradeOpset } from '../../onnx/opset/upgrade-opset.ts';
import { removeDeadNodes } from '../../onnx/passes/remove-dead-nodes.ts';
import { removeInitializersFromInputs } from '../../onnx/passes/remove-initializers-from-inputs.ts';
import { removeUnusedInitializers } from '../../onnx/passes/remove-unused-initializers.ts';
import { sortTopologically, topologicalOrder } from '../../onnx/sort.ts';
import type { SparseTensor, Tensor } from '../../onnx/tensor.ts';
import type { Value } from '../../onnx/value.ts';
import { copyModel } from '../copy-model.ts';

/** What taps are written in: see tap-model.ts. */
const tapOpset = 18;

export interface ModelPair {
  readonly original: Model;
  /** The same model, or one with the same inputs. */
  readonly pruned: Model;
  /** What errors call them. */
  readonly name: string;
}

export interface JoinedModels {
  readonly model: Model;
  /** For each layer, by its node's name: value that it reads in the pruned model, and that it makes in the original. */
  readonly layers: ReadonlyMap<string, { readonly x: string; readonly z: string }>;
}

/**
 * Two models in one that share inputs and, as far as they are the same from the inputs on, nodes; cut to what is needed
 * for some layers, which both must have by name.
 * @throws ModelError `opset-unsupported`, RangeError where a layer or an input is missing
 */
export function joinModels({ original, pruned, name }: ModelPair, nodes: readonly string[]): JoinedModels {
  const opset = Math.max(tapOpset, original.opset, pruned.opset);
  const model = newerCopy(original, { opset, name });
  const targets = nodesByName(model.graph);
  const readers = pruned === original ? targets : include(newerCopy(pruned, { opset, name }), model);
  const layers = nodes.map((node) => {
    const x = readers.get(node)?.input(0) ?? null;
    const z = targets.get(node)?.output(0) ?? null;
    if (x === null || z === null) throw new RangeError(`there is no layer '${node}'`);
    return { node, x, z };
  });
  cut(
    model,
    layers.flatMap(({ x, z }) => [x, z]),
  );
  return { model, layers: new Map(layers.map(({ node, x, z }) => [node, { x: x.name, z: z.name }])) };
}

function newerCopy(original: Model, { opset, name }: { readonly opset: number; readonly name: string }): Model {
  const copy = copyModel(original);
  removeInitializersFromInputs.apply(copy);
  if (copy.opset < opset) upgradeOpset(opset, name).apply(copy);
  sortTopologically(copy.graph);
  return copy;
}

function nodesByName(graph: Graph): ReadonlyMap<string, Node> {
  return new Map([...graph.nodes()].map((node) => [node.name, node]));
}

/** Copies a model's nodes into another model. Returns the nodes that stand for them there, by their own names. */
function include(from: Model, into: Model): ReadonlyMap<string, Node> {
  for (const [domain, version] of from.opsets)
    into.setOpset(domain, Math.max(version, into.opsets.get(domain) ?? version));
  const values = sharedValues(from.graph, into.graph);
  const twins = nodesByName(into.graph);
  const included = new Map<string, Node>();
  for (const node of topologicalOrder(from.graph)) {
    const twin = twins.get(node.name);
    if (twin !== undefined && isSame(node, twin, values)) {
      for (const [index, value] of node.outputs.entries()) if (value !== null) values.set(value, twin.output(index));
      included.set(node.name, twin);
    } else {
      const [copy] = copyNodes([node], into.graph, { before: null, values });
      if (copy !== undefined) included.set(node.name, copy);
    }
  }
  return included;
}

/** The inputs and constants of a graph in another one: constants of the same tensor are one. */
function sharedValues(from: Graph, into: Graph): Map<Value, Value | null> {
  const inputs = new Map(into.inputs.map((value) => [value.name, value]));
  const constants = new Map<Tensor | SparseTensor | null, Value>();
  for (const value of into.initializers) constants.set(value.tensor, value);
  const values = new Map<Value, Value | null>();
  for (const value of from.inputs) {
    const input = inputs.get(value.name);
    if (input === undefined) throw new RangeError(`the models do not share the input '${value.name}'`);
    values.set(value, input);
  }
  for (const value of from.initializers) {
    if (value.isInput || value.tensor === null) continue;
    values.set(value, constants.get(value.tensor) ?? into.addInitializer(value.name, value.tensor));
  }
  return values;
}

/** Whether a node computes what another one does, for certain: copies share their attributes, constants, and names. */
function isSame(node: Node, twin: Node, values: ReadonlyMap<Value, Value | null>): boolean {
  if (node.name === '' || node.op !== twin.op || node.domain !== twin.domain) return false;
  const [inputs, attributes] = [twin.inputs, [...twin.attributes.values()]];
  return (
    node.subgraphs.length === 0 &&
    node.inputs.length === inputs.length &&
    node.inputs.every((value, index) => (value && values.get(value)) === inputs[index]) &&
    node.outputs.length === twin.outputs.length &&
    node.attributes.size === attributes.length &&
    attributes.every((attribute) => node.attributes.get(attribute.name)?.value === attribute.value)
  );
}

function cut(model: Model, needed: readonly Value[]): void {
  const { graph } = model;
  while (graph.outputs.length > 0) graph.removeOutput(graph.outputs.length - 1);
  for (const value of new Set(needed)) if (value.producer !== null) graph.addOutput(value);
  removeDeadNodes.apply(model);
  removeUnusedInitializers.apply(model);
}
