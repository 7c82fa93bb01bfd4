import { copyNodes } from '../onnx/copy-graph.ts';
import { Graph } from '../onnx/graph.ts';
import { Model } from '../onnx/model.ts';
import type { Node } from '../onnx/node.ts';
import { readsOf } from '../onnx/traverse.ts';
import type { Value } from '../onnx/value.ts';
import { isTold } from './fold-regions.ts';
import type { FoldableNodes } from './foldable-nodes.ts';

/** Before this version every initializer had to be an input too. */
const oldestIrVersion = 4;

export interface FoldModel {
  /** Without inputs; it returns the wanted values. */
  readonly model: Model;
  /** Names of its outputs by the value each stands for. */
  readonly outputs: ReadonlyMap<Value, string>;
}

/** A model that computes some values of another one out of constants alone. */
export function foldModel(original: Model, wanted: readonly Value[], foldable: FoldableNodes): FoldModel {
  const graph = new Graph('fold');
  const values = new Map<Value, Value>();
  const needed = neededFor(wanted, foldable);
  for (const value of needed.constants) {
    const tensor = foldable.known.get(value) ?? value.constant;
    if (tensor !== null) values.set(value, graph.addInitializer(value.name, tensor));
  }
  copyNodes(needed.nodes, graph, { before: null, values });
  const outputs = new Map<Value, string>();
  for (const value of wanted) {
    const copy = values.get(value);
    if (copy === undefined) continue;
    // What the file declares may be less than the runtime finds out.
    copy.setType(null);
    graph.addOutput(copy);
    outputs.set(value, copy.name);
  }
  const irVersion = Math.max(original.irVersion, oldestIrVersion);
  return { model: new Model({ irVersion, opsets: new Map([['', original.opset]]), graph }), outputs };
}

interface Needed {
  /** In topological order, Constant nodes first. */
  readonly nodes: readonly Node[];
  readonly constants: ReadonlySet<Value>;
}

function neededFor(wanted: readonly Value[], { nodes, known }: FoldableNodes): Needed {
  const foldable = new Set(nodes);
  const constants = new Set<Value>();
  const constantNodes = new Set<Node>();
  const found = new Set<Node>();
  const waiting = [...wanted];
  for (let value = waiting.pop(); value !== undefined; value = waiting.pop()) {
    const { producer } = value;
    if (known.has(value) || producer === null) constants.add(value);
    else if (!foldable.has(producer)) constantNodes.add(producer);
    else if (!found.has(producer)) {
      found.add(producer);
      waiting.push(...readsOf(producer));
    }
  }
  return { nodes: [...constantNodes, ...nodes.filter((node) => found.has(node) && !isTold(node, known))], constants };
}
