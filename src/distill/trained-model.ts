import type { DenseTensor, NamedTensors } from '../onnx/dense-tensor.ts';
import { bytesOfElements } from '../onnx/dense-tensor.ts';
import type { Model } from '../onnx/model.ts';
import { Tensor } from '../onnx/tensor.ts';

/** Names of the constants that {@link writeWeights} can write: initializers, and Constant nodes that hold a tensor. */
export function writableNames({ graph }: Model): ReadonlySet<string> {
  const names = new Set([...graph.initializers].map(({ name }) => name));
  for (const node of graph.nodes()) {
    const output = node.output(0);
    if (output !== null && node.is('Constant') && node.attributes.get('value')?.kind === 'tensor')
      names.add(output.name);
  }
  return names;
}

/**
 * Puts trained weights into a student: the data of its initializers, or of the Constant nodes that hold weights in
 * their place. Nothing else of the model changes but an entry of its metadata that says how they were made.
 */
export function writeWeights(
  model: Model,
  weights: NamedTensors,
  note: { readonly key: string; readonly value: string },
): void {
  const left = new Map(Object.entries(weights));
  for (const value of model.graph.initializers) {
    const trained = left.get(value.name);
    if (trained === undefined || value.tensor?.kind !== 'dense') continue;
    value.setTensor(withElements(value.tensor, trained));
    left.delete(value.name);
  }
  for (const node of left.size === 0 ? [] : model.graph.nodes()) {
    const name = node.output(0)?.name ?? '';
    const trained = left.get(name);
    const attribute = node.attributes.get('value');
    if (trained === undefined || !node.is('Constant') || attribute?.kind !== 'tensor') continue;
    node.setAttribute({ ...attribute, value: withElements(attribute.value, trained) });
    left.delete(name);
  }
  const [lost] = left.keys();
  if (lost !== undefined) throw new RangeError(`the student has no '${lost}' to write to`);
  model.setMetadata([...model.metadata.filter(({ key }) => key !== note.key), note]);
}

/** The same tensor with other elements. */
function withElements({ type, dims, docString, metadata, unknownFields, name }: Tensor, { data }: DenseTensor): Tensor {
  if (!ArrayBuffer.isView(data)) throw new RangeError('weights are numbers');
  return new Tensor({
    type,
    dims,
    storage: { kind: 'inline', bytes: bytesOfElements(data) },
    docString,
    metadata,
    unknownFields,
    name,
  });
}
