import type { Model } from '../../onnx/model.ts';
import type { Node } from '../../onnx/node.ts';
import { Tensor } from '../../onnx/tensor.ts';
import { tensorOfNumbers } from '../../onnx/tensor-types/tensor-of-numbers.ts';
import { giveConstant } from './give-constant.ts';
import { type KeptAxes, keptAxes } from './kept-axes.ts';
import type { Contraction, PruneGroup, Removal, WeightPlace } from './prune-group.ts';

/**
 * What removal must equal (Chen and others, "Only Train Once", 2021): the same graph, but nobody reads the units that
 * go. Their columns of the weights that read them are 0, and where two computed values are multiplied, one is made 0
 * there first. Edits the model in place. Throws as `removeUnits` does. Norms over the units see them still.
 */
export function maskUnits(model: Model, groups: readonly PruneGroup[], removal: Removal): void {
  const kept = keptAxes(groups, removal);
  const nodes = new Map([...model.graph.nodes()].map((node) => [node.name, node]));
  const nodeOf = (name: string) => {
    const node = nodes.get(name);
    if (node === undefined) throw new RangeError(`there is no node '${name}'`);
    return node;
  };
  for (const place of unique(groups.flatMap(({ consumers }) => consumers))) maskWeight(nodeOf(place.node), place, kept);
  for (const place of unique(groups.flatMap(({ contractions }) => contractions)))
    maskOperand(nodeOf(place.node), place, kept);
}

/** An axis that carries several groups' units is masked once: what is kept is known for the axis as a whole. */
function unique<Place extends { readonly node: string; readonly input: number; readonly axis: number }>(
  places: readonly Place[],
): readonly Place[] {
  return [...new Map(places.map((place) => [JSON.stringify([place.node, place.input, place.axis]), place])).values()];
}

function maskWeight(node: Node, { input, weight, axis }: WeightPlace, kept: KeptAxes): void {
  const indices = kept.of({ value: weight, axis });
  const tensor = node.input(input)?.constant ?? null;
  if (indices === null || tensor === null) return;
  giveConstant(node, input, zeroed(tensor, axis, indices));
}

/** Zero is all bits 0 in every float type. */
function zeroed(tensor: Tensor, axis: number, kept: Int32Array): Tensor {
  const { type, dims, elementCount } = tensor;
  const bytes = Uint8Array.from(tensor.bytes());
  const length = dims[axis] ?? 1;
  const rowBytes = (bytes.length / elementCount) * dims.slice(axis + 1).reduce((product, dim) => product * dim, 1);
  const stays = new Set(kept);
  for (let row = 0; row * rowBytes < bytes.length; row++)
    if (!stays.has(row % length)) bytes.fill(0, row * rowBytes, (row + 1) * rowBytes);
  return new Tensor({ type, dims, storage: { kind: 'inline', bytes } });
}

function maskOperand(node: Node, { input, axis, dims, type }: Contraction, kept: KeptAxes): void {
  const value = node.input(input);
  const indices = value === null ? null : kept.of({ value: value.name, axis });
  if (indices === null || node.graph === null || type === 'string') return;
  const numbers = new Float32Array(dims[axis] ?? 1);
  for (const index of indices) numbers[index] = 1;
  const shape = dims.map((length, at) => (at === axis ? length : 1));
  const mask = node.graph.addInitializer('kept', Tensor.fromDense(tensorOfNumbers(type, shape, numbers)));
  const name = `${node.name}_masked`;
  const spec = { op: 'Mul', name: node.graph.names.uniqueNode(name), inputs: [value, mask], outputs: [name] };
  node.setInput(input, node.graph.insertBefore(node, spec).output(0));
}
