import type { Attribute } from '../attribute.ts';
import { graphsOf } from '../attribute.ts';
import type { Graph } from '../graph.ts';
import type { Model } from '../model.ts';
import type { SparseTensor, Tensor } from '../tensor.ts';
import { allGraphs, allGraphsOf } from '../traverse.ts';

/** A tensor and whether every reader of ONNX looks for its elements in a data file, if the message says so. */
export interface FoundTensor {
  readonly tensor: Tensor;
  /** Initializers and the values of Constant nodes; runtimes read other attributes by themselves. */
  readonly mayBeExternal: boolean;
}

/** Every dense tensor of a model, subgraphs and functions included, graph by graph; shared ones repeatedly. */
export function* tensorsOf(model: Model): Generator<FoundTensor, void, undefined> {
  for (const graph of allGraphs(model)) yield* tensorsOfGraph(graph);
  for (const { attributeDefaults } of model.functions) {
    for (const attribute of attributeDefaults) {
      yield* fixedTensors(attribute);
      for (const graph of graphsOf(attribute)) for (const inner of allGraphsOf(graph)) yield* tensorsOfGraph(inner);
    }
  }
}

/** Tensors that may lie in a data file wherever the model has them; strings never do. */
export function movableTensors(model: Model): ReadonlySet<Tensor> {
  const movable = new Set<Tensor>();
  const fixed = new Set<Tensor>();
  for (const { tensor, mayBeExternal } of tensorsOf(model))
    (mayBeExternal && tensor.type !== 'string' ? movable : fixed).add(tensor);
  for (const tensor of fixed) movable.delete(tensor);
  return movable;
}

function* tensorsOfGraph(graph: Graph): Generator<FoundTensor, void, undefined> {
  for (const { tensor } of graph.initializers) {
    if (tensor?.kind === 'dense') yield { tensor, mayBeExternal: true };
    else if (tensor !== null) yield* partsOf(tensor);
  }
  for (const node of graph.nodes()) {
    if (node.attributes.size === 0) continue;
    const value = node.is('Constant') ? node.attributes.get('value') : undefined;
    if (value?.kind === 'tensor') yield { tensor: value.value, mayBeExternal: true };
    for (const attribute of node.attributes.values()) if (attribute !== value) yield* fixedTensors(attribute);
  }
}

function* fixedTensors(attribute: Attribute): Generator<FoundTensor, void, undefined> {
  switch (attribute.kind) {
    case 'tensor':
      yield { tensor: attribute.value, mayBeExternal: false };
      break;
    case 'tensors':
      for (const tensor of attribute.value) yield { tensor, mayBeExternal: false };
      break;
    case 'sparse-tensor':
      yield* partsOf(attribute.value);
      break;
    case 'sparse-tensors':
      for (const tensor of attribute.value) yield* partsOf(tensor);
      break;
    default:
      break;
  }
}

function* partsOf({ values, indices }: SparseTensor): Generator<FoundTensor, void, undefined> {
  yield { tensor: values, mayBeExternal: false };
  yield { tensor: indices, mayBeExternal: false };
}
