import { floats } from '../../src/onnx/graph-builder.ts';
import type { Graph } from '../../src/onnx/graph.ts';
import type { Node } from '../../src/onnx/node.ts';
import { Tensor } from '../../src/onnx/tensor.ts';
import type { Value } from '../../src/onnx/value.ts';
import type { Random } from '../../src/stats/seeded-random.ts';

type Edit = (graph: Graph, random: Random) => void;

const pick = <T>(items: readonly T[], random: Random): T | undefined => items[random.integer(items.length)];
const nodesOf = (graph: Graph): readonly Node[] => [...graph.nodes()];
const floatResults = (graph: Graph): readonly Value[] =>
  nodesOf(graph).flatMap((node) => (node.is('Relu', 'Tanh', 'Neg', 'Abs', 'Mul', 'Add') ? (node.output(0) ?? []) : []));

/** An operator put on one edge, on all edges of a value, or in front of a graph output. */
const insertOnEdge: Edit = (graph, random) => {
  const value = pick(floatResults(graph), random);
  if (value === undefined || value.producer === null) return;
  const uses = value.uses;
  const node = graph.insertAfter(value.producer, { op: 'Neg', inputs: [value], outputs: ['edit'] });
  const made = node.output(0);
  const use = pick(uses, random);
  if (made === null) return;
  if (random.integer(2) === 0) for (const { node: reader, index } of uses) reader.setInput(index, made);
  else use?.node.setInput(use.index, made);
};

/** All readers of a value read what it is made from, of the same shape. */
const bypass: Edit = (graph, random) => {
  const node = pick(
    nodesOf(graph).filter((node) => node.is('Relu', 'Tanh', 'Neg', 'Abs')),
    random,
  );
  const [input, output] = [node?.input(0), node?.output(0)];
  if (input && output) output.replaceUsesWith(input);
};

const removeUnused: Edit = (graph) => {
  for (const node of graph.nodesBackward())
    if (node.outputs.every((value) => value === null || value.isUnused)) graph.remove(node);
};

const rename: Edit = (graph, random) => {
  const value = pick(
    [...graph.inputs, ...graph.initializers, ...nodesOf(graph).flatMap((node) => node.output(0) ?? [])],
    random,
  );
  value?.rename(graph.names.unique('renamed'));
};

const replaceConstant: Edit = (graph, random) => {
  const value = pick(
    [...graph.initializers].filter(({ tensor }) => tensor?.type === 'float32'),
    random,
  );
  if (value?.tensor) graph.addInitializer('copy', value.tensor);
  const tensor = value?.tensor;
  if (value && tensor) value.replaceUsesWith(graph.addInitializer(value.name, tensor));
};

const scaleOutput: Edit = (graph, random) => {
  const index = random.integer(graph.outputs.length);
  const value = graph.outputs[index];
  const type = value?.type;
  if (value === undefined || type?.kind !== 'tensor' || type.elementType !== 'float32') return;
  const half = graph.addInitializer('half', Tensor.fromDense(floats([], [0.5])));
  const made = graph.append({ op: 'Mul', inputs: [value, half], outputs: ['scaled'] }).output(0);
  made?.setType(type);
  if (made !== null) graph.setOutput(index, made);
};

const moveEarlier: Edit = (graph, random) => {
  const node = pick(nodesOf(graph), random);
  const before = node?.links.previous;
  // Only past a neighbor that it does not need.
  const needs = before?.outputs.some((value) => value?.uses.some(({ node: reader }) => reader === node)) ?? true;
  if (node && before && !needs && node.subgraphs.length === 0) graph.moveBefore(before, node);
};

const dropOutput: Edit = (graph, random) => {
  if (graph.outputs.length > 2) graph.removeOutput(random.integer(graph.outputs.length));
};

const duplicate: Edit = (graph, random) => {
  const node = pick(
    nodesOf(graph).filter(({ subgraphs }) => subgraphs.length === 0),
    random,
  );
  if (node === undefined) return;
  const { op, inputs, outputs, attributes } = node;
  const copy = graph.insertAfter(node, {
    op,
    inputs,
    outputs: outputs.map((value) => (value === null ? null : 'copy')),
    attributes: [...attributes.values()],
  });
  const [old, made] = [node.output(0), copy.output(0)];
  if (old && made) old.replaceUsesWith(made);
};

export const randomEdits: readonly Edit[] = [
  insertOnEdge,
  insertOnEdge,
  bypass,
  removeUnused,
  rename,
  replaceConstant,
  scaleOutput,
  moveEarlier,
  dropOutput,
  duplicate,
];
