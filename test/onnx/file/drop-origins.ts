import type { Attribute } from '../../../src/onnx/attribute.ts';
import type { Model } from '../../../src/onnx/model.ts';
import { SparseTensor, Tensor } from '../../../src/onnx/tensor.ts';
import { allGraphs, valuesOf } from '../../../src/onnx/traverse.ts';

/** Makes a model forget where each part was read, so that all of it is encoded anew. Tensors' elements stay stored. */
export function dropOrigins(model: Model): Model {
  for (const graph of allGraphs(model)) {
    for (const value of [...valuesOf(graph), ...graph.outputs]) value.infoOrigin = null;
    for (const value of graph.initializers) if (value.tensor !== null) value.setTensor(forget(value.tensor));
    for (const node of graph.nodes()) {
      for (const attribute of node.attributes.values()) node.setAttribute(forgetAttribute(attribute));
      node.touch();
    }
    graph.touch();
  }
  model.setFunctions(model.functions.map((definition) => ({ ...definition, origin: null })));
  return model;
}

function forgetAttribute(attribute: Attribute): Attribute {
  if (attribute.kind === 'tensor') return { ...attribute, value: forgetDense(attribute.value) };
  if (attribute.kind === 'tensors') return { ...attribute, value: attribute.value.map(forgetDense) };
  if (attribute.kind === 'sparse-tensor') return { ...attribute, value: forgetSparse(attribute.value) };
  return attribute;
}

function forget(tensor: Tensor | SparseTensor): Tensor | SparseTensor {
  return tensor.kind === 'dense' ? forgetDense(tensor) : forgetSparse(tensor);
}

function forgetDense({ name, type, dims, storage, docString, metadata, unknownFields }: Tensor): Tensor {
  return new Tensor({ name, type, dims, storage, docString, metadata, unknownFields });
}

function forgetSparse({ dims, values, indices }: SparseTensor): SparseTensor {
  return new SparseTensor({ dims, values: forgetDense(values), indices: forgetDense(indices) });
}
