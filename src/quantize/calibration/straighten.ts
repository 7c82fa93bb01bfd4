import { copyModel } from '../../compute/copy-model.ts';
import { copyNodes } from '../../onnx/copy-graph.ts';
import type { Graph } from '../../onnx/graph.ts';
import type { Model } from '../../onnx/model.ts';
import type { Node } from '../../onnx/node.ts';
import type { Value } from '../../onnx/value.ts';
import { allGraphsOf } from '../../onnx/traverse.ts';

/**
 * A copy of a model in which a branch stands in the place of its If, where it is the only one that data took, so that
 * trials reach what is in it; for these data it computes the same. Values and nodes keep their names, which are their own
 * (`tellApart`). `isSeen` tells by the name whether data reached a value.
 */
export function straighten(original: Model, isSeen: (value: string) => boolean): Model {
  const model = copyModel(original);
  // What is written out may have Ifs in it.
  for (let next = nextTaken(model, isSeen); next !== null; next = nextTaken(model, isSeen)) writeOut(next);
  return model;
}

interface Taken {
  readonly node: Node;
  readonly branch: Graph;
}

/** An If of the main graph of which one branch alone was seen. */
function nextTaken({ graph }: Model, isSeen: (value: string) => boolean): Taken | null {
  for (const node of graph.nodes()) {
    const [branch, ...others] = node.is('If') ? node.subgraphs.filter((each) => hasSeen(each, isSeen)) : [];
    if (branch !== undefined && others.length === 0) return { node, branch };
  }
  return null;
}

function hasSeen(branch: Graph, isSeen: (value: string) => boolean): boolean {
  for (const graph of allGraphsOf(branch))
    for (const node of graph.nodes())
      if (node.outputs.some((value) => value !== null && isSeen(value.name))) return true;
  return false;
}

function writeOut({ node, branch }: Taken): void {
  const { graph } = node;
  if (graph === null) return;
  const values = new Map<Value, Value>();
  for (const value of branch.initializers)
    if (value.tensor !== null) values.set(value, graph.addInitializer(value.name, value.tensor));
  const labels = [...branch.nodes()].map(({ name }) => name);
  const copies = copyNodes(branch.nodes(), graph, { before: node, values });
  const results = node.outputs.flatMap((value, index) => {
    const result = branch.outputs[index];
    if (value === null || result === undefined) return [];
    // A node of its own, so that the result keeps the name that it has inside and the one that it has outside.
    const spec = { op: 'Identity', inputs: [values.get(result) ?? result], outputs: [value.name] };
    return [{ name: value.name, copy: graph.insertBefore(node, spec), value }];
  });
  for (const { copy, value } of results) takeOver(value, copy.output(0));
  graph.remove(node);
  for (const [value, made] of values) made.rename(value.name);
  for (const [index, copy] of copies.entries()) copy.rename(labels[index] ?? '');
  for (const { name, copy } of results) copy.output(0)?.rename(name);
}

function takeOver(value: Value, by: Value | null): void {
  const { graph } = value;
  if (by === null) return;
  by.setType(value.declaredType);
  value.replaceUsesWith(by);
  for (const [index, output] of graph.outputs.entries()) if (output === value) graph.setOutput(index, by);
}
