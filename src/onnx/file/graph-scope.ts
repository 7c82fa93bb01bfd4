import { Graph } from '../graph.ts';
import type { Node } from '../node.ts';
import type { Origin } from '../origin.ts';
import type { SparseTensor, Tensor } from '../tensor.ts';
import type { Value } from '../value.ts';
import { objectBytes } from './limits.ts';
import type { ReadContext } from './read-context.ts';
import { invalid } from './read-context.ts';
import type { NodeRead } from './read-node.ts';
import type { ValueInfoRead } from './read-value-info.ts';

/** A node and the names of what it will read. */
type WaitingNode = Pick<NodeRead, 'inputs' | 'origin'> & { readonly node: Node };

/** A name and what a file says of it; a function names its inputs and outputs without more. */
export type Description = Pick<ValueInfoRead, 'name'> & Partial<ValueInfoRead>;

/**
 * A graph while it is read: its values by name, and what waits until all of them are known. A file may list a reader
 * before what it reads, and a subgraph before the values of the graph around it.
 */
export class GraphScope {
  readonly graph: Graph;
  readonly parent: GraphScope | null;
  readonly nodes: WaitingNode[] = [];
  readonly outputs: Description[] = [];
  readonly infos: ValueInfoRead[] = [];
  /** Where the graph lies in the file. */
  origin: Origin | null = null;
  readonly #context: ReadContext;
  readonly #values = new Map<string, Value>();

  constructor(context: ReadContext, parent: GraphScope | null) {
    context.budget.takeObjects(objectBytes.graph);
    this.#context = context;
    this.parent = parent;
    this.graph = new Graph('', context.names);
  }

  /** The value of a name in this graph alone. */
  own(name: string): Value | null {
    return this.#values.get(name) ?? null;
  }

  /** The value that a name means here: its own, else that of the nearest graph around it. */
  find(name: string): Value | null {
    const own = this.#values.get(name);
    return own ?? this.parent?.find(name) ?? null;
  }

  addInput(description: Description): void {
    const { name } = description;
    const known = this.#values.get(name);
    if (known === undefined) {
      this.#context.budget.takeObjects(objectBytes.value);
      const value = this.graph.addInput(name, null);
      this.#values.set(name, value);
      describe(value, description);
    } else {
      if (known.isInput || !known.isInitializer) throw this.#twice(name);
      this.graph.exposeInitializer(known);
      describe(known, description);
    }
  }

  addInitializer(name: string, tensor: Tensor | SparseTensor): void {
    if (name === '') throw invalid(this.#context, '', 'an initializer has no name');
    const known = this.#values.get(name);
    if (known !== undefined && (known.isInitializer || !known.isInput)) throw this.#twice(name);
    if (known === undefined) this.#context.budget.takeObjects(objectBytes.value);
    const value = known ?? this.graph.newValue(name);
    this.#values.set(name, value);
    this.graph.setInitializer(value, tensor);
  }

  /** Puts a node at the end; its inputs are linked later. */
  addNode(read: NodeRead): void {
    for (const name of read.outputs) if (name !== '' && this.#values.has(name)) throw this.#twice(name);
    const outputs = read.outputs.map((name) => (name === '' ? null : name));
    const node = this.graph.insertNamed(null, { ...read.options, inputs: [], outputs });
    for (const value of node.outputs) {
      if (value === null) continue;
      if (this.#values.get(value.name) !== undefined) throw this.#twice(value.name);
      this.#values.set(value.name, value);
    }
    this.nodes.push({ node, inputs: read.inputs, origin: read.origin });
  }

  #twice(name: string): Error {
    return invalid(this.#context, `value '${name}'`, 'it is made twice; every name has one meaning in a graph');
  }
}

/** What a file says of a value first holds: an input's description before an output's before another. */
export function describe(value: Value, { type, info, origin }: Description): void {
  if (info === undefined || value.infoOrigin !== null) return;
  value.setType(type ?? null);
  value.info = info;
  value.infoOrigin = origin ?? null;
}
