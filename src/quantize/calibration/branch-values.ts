import { copyModel } from '../../compute/copy-model.ts';
import { attributeOf } from '../../onnx/attribute.ts';
import { copyNodes } from '../../onnx/copy-graph.ts';
import { Graph } from '../../onnx/graph.ts';
import type { Model } from '../../onnx/model.ts';
import type { Node } from '../../onnx/node.ts';
import { inferTypes } from '../../onnx/shape/infer-types.ts';
import { Tensor } from '../../onnx/tensor.ts';
import type { Value } from '../../onnx/value.ts';
import { tensorType } from '../../onnx/value-type.ts';

/** Float32 values that nodes make in the branches of Ifs, at any depth; not those in loops, which are made many times. */
export function branchValues(model: Model): readonly Value[] {
  const types = inferTypes(model);
  const valuesIn = (graph: Graph): Value[] =>
    [...graph.nodes()].flatMap((node) => {
      const inside = branchesOf(node).flatMap(({ graph: branch }) => valuesIn(branch));
      const made = node.outputs.filter((value) => value !== null);
      return [...inside, ...made.filter((value) => types.get(value)?.elementType === 'float32')];
    });
  return valuesIn(model.graph).filter(({ graph }) => graph !== model.graph);
}

export interface ShownBranches {
  readonly model: Model;
  /** Names in the main graph of values in branches, by their own. */
  readonly names: ReadonlyMap<string, string>;
}

/**
 * A copy of a model whose Ifs return values of their branches, too, so that they can be measured in the main graph; a
 * branch that is not taken returns no elements. Values have names of their own (`tellApart`) and are float32.
 */
export function withBranchValues(original: Model, wanted: ReadonlySet<string>): ShownBranches {
  const model = copyModel(original);
  const shown = showIn(model.graph, wanted);
  return { model, names: new Map([...shown].map(([name, value]) => [name, value.name])) };
}

/** Values of branches by the name that each had, as values of the graph that the Ifs are in. */
type Shown = Map<string, Value>;

function showIn(graph: Graph, wanted: ReadonlySet<string>): Shown {
  const shown: Shown = new Map();
  for (const node of graph.nodes()) {
    const branches = branchesOf(node).map(({ name, graph: branch }) => {
      const inside = showIn(branch, wanted);
      for (const each of branch.nodes())
        for (const value of each.outputs) if (value !== null && wanted.has(value.name)) inside.set(value.name, value);
      return { name, branch, inside };
    });
    for (const [name, value] of replaceIf(node, branches)) shown.set(name, value);
  }
  return shown;
}

interface Branch {
  readonly name: string;
  readonly graph: Graph;
}

function branchesOf(node: Node): readonly Branch[] {
  if (!node.is('If')) return [];
  return [...node.attributes.values()].flatMap((attribute) =>
    attribute.kind === 'graph' ? [{ name: attribute.name, graph: attribute.value }] : [],
  );
}

interface ShowingBranch {
  readonly name: string;
  readonly branch: Graph;
  readonly inside: Shown;
}

/** Puts an If with more outputs in the place of one: nodes cannot be given any later. */
function replaceIf(node: Node, branches: readonly ShowingBranch[]): Shown {
  const { graph } = node;
  const keys = branches.flatMap(({ inside }) => [...inside.keys()]);
  if (graph === null || keys.length === 0) return new Map();
  const names = node.outputs.map((value) => value?.name ?? null);
  const made = graph.insertBefore(node, { op: 'If', inputs: node.inputs, outputs: [...names, ...keys] });
  for (const { name, branch, inside } of branches)
    made.setAttribute(attributeOf.graph(name, showingCopy(branch, inside, keys)));
  for (const [index, value] of node.outputs.entries()) {
    const by = made.output(index);
    if (value !== null && by !== null) takeOver(value, by);
  }
  graph.remove(node);
  made.rename(node.name);
  for (const [index, name] of names.entries()) if (name !== null) made.output(index)?.rename(name);
  return new Map(keys.flatMap((key, i) => [[key, made.output(names.length + i)] as const]).filter(isMade));
}

function isMade(entry: readonly [string, Value | null]): entry is readonly [string, Value] {
  return entry[1] !== null;
}

function takeOver(value: Value, by: Value): void {
  const { graph } = value;
  by.setType(value.declaredType);
  value.replaceUsesWith(by);
  for (const [index, output] of graph.outputs.entries()) if (output === value) graph.setOutput(index, by);
}

/** A branch that returns, behind what it returned, the values of all branches: those of others have no elements. */
function showingCopy(branch: Graph, inside: Shown, keys: readonly string[]): Graph {
  const copy = new Graph(branch.name, branch.names);
  const values = new Map<Value, Value>();
  for (const value of branch.initializers)
    if (value.tensor !== null) values.set(value, copy.addInitializer(value.name, value.tensor));
  copyNodes(branch.nodes(), copy, { before: null, values });
  for (const value of branch.outputs) copy.addOutput(values.get(value) ?? value);
  for (const key of keys) {
    const own = inside.get(key);
    const value = own === undefined ? nothing(copy) : (values.get(own) ?? own);
    const spec = { op: 'Identity', inputs: [value], outputs: [`${key}_shown`] };
    const output = copy.append(spec).output(0);
    output?.setType(tensorType('float32'));
    if (output !== null) copy.addOutput(output);
  }
  return copy;
}

function nothing(graph: Graph): Value {
  return graph.addInitializer('nothing', Tensor.fromDense({ type: 'float32', dims: [0], data: new Float32Array() }));
}
