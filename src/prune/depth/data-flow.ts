import type { Model } from '../../onnx/model.ts';
import { Node } from '../../onnx/node.ts';
import { executionOrder } from '../../onnx/shape/execution-order.ts';
import { readsOf } from '../../onnx/traverse.ts';
import type { Value } from '../../onnx/value.ts';

/** The main graph's nodes in the order in which they run, and who reads what. What subgraphs do, their node does. */
export class DataFlow {
  readonly order: readonly Node[];
  readonly #model: Model;
  readonly #places: ReadonlyMap<Node, number>;

  constructor(model: Model) {
    this.#model = model;
    this.order = executionOrder(model.graph);
    this.#places = new Map(this.order.map((node, place) => [node, place]));
  }

  /** Position among all nodes. */
  placeOf(node: Node): number {
    return this.#places.get(node) ?? -1;
  }

  /** Position of the node that makes a value; -1 for graph inputs and constants. */
  madeAt({ producer }: Value): number {
    return producer === null ? -1 : this.placeOf(producer);
  }

  /** Nodes of the main graph that read a value, themselves or in a subgraph. */
  readersOf(value: Value): readonly Node[] {
    return value.uses.map(({ node }) => this.#outermost(node));
  }

  /**
   * Nodes that some of the given ones need, these included, later than `floor`.
   * `crosses` says whether to go on to what a node reads.
   */
  needs(nodes: readonly Node[], floor: number, crosses: (node: Node) => boolean = () => true): ReadonlySet<Node> {
    const found = new Set(nodes);
    for (const node of found) {
      if (!crosses(node)) continue;
      for (const { producer } of readsOf(node))
        if (producer !== null && this.placeOf(producer) > floor) found.add(producer);
    }
    return found;
  }

  #outermost(node: Node): Node {
    let at = node;
    while (at.graph !== null && at.graph !== this.#model.graph && at.graph.container instanceof Node)
      at = at.graph.container;
    return at;
  }
}
