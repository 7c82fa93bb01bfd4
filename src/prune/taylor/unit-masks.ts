import type { DenseTensor } from '../../onnx/dense-tensor.ts';
import type { Model } from '../../onnx/model.ts';
import type { Node } from '../../onnx/node.ts';
import { tensorOfNumbers } from '../../onnx/tensor-types/tensor-of-numbers.ts';
import { Tensor } from '../../onnx/tensor.ts';
import type { TensorShape } from '../../runtime/model-runner.ts';
import type { PruneGroup } from '../groups/prune-group.ts';

/** Ones that multiply what a node reads along an axis that carries units. */
export interface UnitMask {
  /** Of the constant that holds them. */
  readonly name: string;
  readonly ones: DenseTensor;
  /** Groups whose units lie along the axis, by id, each with the unit at every index, or -1. */
  readonly units: ReadonlyMap<number, Int32Array>;
}

/** A node's input that carries units along an axis, and adds up over them. */
interface Read {
  readonly node: Node;
  readonly input: number;
  readonly axis: number;
  readonly units: Map<number, Int32Array>;
}

/**
 * Puts a mask of ones where units are read: before weights that add up over them, and on one side of products of two
 * computed values. At 0 such a mask is what removing the unit comes to, whatever activation lies before it (as Kwon et
 * al., "A Fast Post-Training Pruning Framework for Transformers", 2022, mask heads and neurons). Edits the model.
 * Groups that nobody reads so get none; neither do values whose shape is not told.
 */
export function insertMasks(
  model: Model,
  groups: readonly PruneGroup[],
  shapes: ReadonlyMap<string, TensorShape>,
): readonly UnitMask[] {
  const nodes = new Map([...model.graph.nodes()].map((node) => [node.name, node]));
  const reads = new Map<string, Read>();
  for (const group of groups)
    for (const { name, input, axis } of readsOf(group, nodes)) {
      const node = nodes.get(name);
      const units = unitsAlong(group, node?.input(input)?.name, axis);
      if (node === undefined || units === null) continue;
      const key = JSON.stringify([name, input, axis]);
      const read = reads.get(key) ?? { node, input, axis, units: new Map<number, Int32Array>() };
      reads.set(key, read);
      read.units.set(group.id, units);
    }
  // Shapes are known by the names of before: masks come once all of them are looked up.
  const shaped = [...reads.values()].map((read) => ({ read, shape: shapes.get(nameOf(read)) }));
  return shaped.flatMap(({ read, shape }) => (shape === undefined ? [] : (insert(read, shape) ?? [])));
}

function readsOf({ places, consumers, contractions }: PruneGroup, nodes: ReadonlyMap<string, Node>) {
  const ofWeights = consumers.flatMap(({ node: name, input: weight }) => {
    // A product's other operand; what else a node reads, such as a bias, is not summed over.
    const input = weight === 0 ? 1 : 0;
    const value = nodes.get(name)?.input(input)?.name;
    const place = places.find((each) => each.value === value);
    return place === undefined ? [] : [{ name, input, axis: place.axis }];
  });
  return [...ofWeights, ...contractions.map(({ node: name, input, axis }) => ({ name, input, axis }))];
}

function unitsAlong({ places }: PruneGroup, value: string | undefined, axis: number): Int32Array | null {
  return places.find((place) => place.value === value && place.axis === axis)?.units ?? null;
}

function nameOf({ node, input }: Read): string {
  return node.input(input)?.name ?? '';
}

function insert({ node, input, axis, units }: Read, { type, dims }: TensorShape): UnitMask | null {
  const { graph } = node;
  if (graph === null || type === 'string') return null;
  const length = dims[axis] ?? 1;
  const shape = [length, ...dims.slice(axis + 1).map(() => 1)];
  const ones = tensorOfNumbers(type, shape, new Float32Array(length).fill(1));
  const mask = graph.addInitializer(`${node.name}_mask`, Tensor.fromDense(ones));
  const name = `${node.name}_masked`;
  const spec = { op: 'Mul', name: graph.names.uniqueNode(name), inputs: [node.input(input), mask], outputs: [name] };
  node.setInput(input, graph.insertBefore(node, spec).output(0));
  return { name: mask.name, ones, units };
}
