import type { Graph } from './graph.ts';
import type { MetadataEntry } from './metadata.ts';
import type { Node } from './node.ts';
import type { Origin } from './origin.ts';
import type { SparseTensor, Tensor } from './tensor.ts';
import { UseSet } from './use-set.ts';
import type { ValueType } from './value-type.ts';

/** One input slot of a node. */
export interface Use {
  readonly node: Node;
  readonly index: number;
}

/** What a file says about a value beside its name and type. */
export interface ValueInfo {
  readonly docString?: string;
  readonly metadata?: readonly MetadataEntry[];
  readonly unknownFields?: Uint8Array | null;
  /** The TypeProto as it was read, with what {@link ValueType} does not carry (denotations). */
  readonly rawType?: { readonly type: ValueType; readonly bytes: Uint8Array } | null;
}

/**
 * A named edge of the graph: a graph input, an initializer or the output of a node. Knows who makes it and who reads
 * it, in its own graph and in the subgraphs below.
 */
export class Value {
  /** Graph whose scope it belongs to. */
  readonly graph: Graph;
  info: ValueInfo = {};
  #name: string;
  #type: ValueType | null = null;
  #tensor: Tensor | SparseTensor | null = null;
  #producer: Node | null = null;
  #isInput = false;
  /** Graphs that return it and how many times each; null for none, as for most values. */
  #returnedBy: Map<Graph, number> | null = null;
  readonly #uses = new UseSet();
  /** Message of its ValueInfoProto, while that is as it was read. */
  infoOrigin: Origin | null = null;

  /** @internal Values are made by their graph. */
  constructor(graph: Graph, name: string) {
    this.graph = graph;
    this.#name = name;
  }

  get name(): string {
    return this.#name;
  }

  /** Declared type; null when the file says nothing. An initializer's type is its tensor's. */
  get type(): ValueType | null {
    return this.#type ?? (this.#tensor && tensorTypeOf(this.#tensor));
  }

  /** The type as the file declares it, apart from what an initializer's tensor says. */
  get declaredType(): ValueType | null {
    return this.#type;
  }

  /** Data of an initializer, else null. An initializer may be a graph input too: its default then. */
  get tensor(): Tensor | SparseTensor | null {
    return this.#tensor;
  }

  /** The data of a constant: an initializer that no caller can override; null for sparse ones. */
  get constant(): Tensor | null {
    return !this.#isInput && this.#tensor?.kind === 'dense' ? this.#tensor : null;
  }

  /** The node that makes it; null for graph inputs and initializers. */
  get producer(): Node | null {
    return this.#producer;
  }

  get isInput(): boolean {
    return this.#isInput;
  }

  get isInitializer(): boolean {
    return this.#tensor !== null;
  }

  /** Whether a graph returns it. */
  get isOutput(): boolean {
    return this.#returnedBy !== null;
  }

  /** Slots of nodes that read it, in its graph and in subgraphs. Safe to iterate while edges change: a snapshot. */
  get uses(): readonly Use[] {
    return [...this.#uses];
  }

  get useCount(): number {
    return this.#uses.size;
  }

  /** Whether neither a node nor a graph's outputs need it. */
  get isUnused(): boolean {
    return this.#uses.size === 0 && !this.isOutput;
  }

  /** The only node that reads it, or null when there are more, or none, or when a graph returns it. */
  get onlyUser(): Node | null {
    if (this.isOutput) return null;
    let only: Node | null = null;
    for (const { node } of this.#uses) {
      if (only !== null && node !== only) return null;
      only = node;
    }
    return only;
  }

  /** Gives it another name. The caller sees to it that the name is free: `graph.names.unique`. */
  rename(name: string): void {
    if (name === this.#name) return;
    this.graph.names.take(name);
    this.#name = name;
    this.#touchAll();
  }

  setType(type: ValueType | null): void {
    this.#type = type;
    this.infoOrigin = null;
    this.graph.touch();
  }

  /** Replaces an initializer's data. Throws RangeError when the value is no initializer. */
  setTensor(tensor: Tensor | SparseTensor): void {
    if (this.#tensor === null) throw new RangeError(`'${this.#name}' is no initializer`);
    this.#tensor = tensor;
    this.graph.touch();
  }

  /** Makes every node that reads it read `other` instead. Outputs of graphs stay: see `graph.setOutput`. */
  replaceUsesWith(other: Value): void {
    if (other === this) return;
    for (const { node, index } of this.uses) node.setInput(index, other);
  }

  /** @internal Called by Node. */
  hasUse(use: Use): boolean {
    return this.#uses.has(use);
  }

  /** @internal Called by Node. */
  linkUse(use: Use): void {
    this.#uses.add(use);
  }

  /** @internal Called by Node. */
  unlinkUse(use: Use): void {
    this.#uses.delete(use);
  }

  /** @internal Called by Graph. */
  setRole(role: { readonly producer?: Node | null; readonly isInput?: boolean }): void {
    if (role.producer !== undefined) this.#producer = role.producer;
    if (role.isInput !== undefined) this.#isInput = role.isInput;
  }

  /** @internal Called by Graph, once for each place among its outputs. */
  linkOutput(graph: Graph): void {
    this.#returnedBy ??= new Map();
    this.#returnedBy.set(graph, (this.#returnedBy.get(graph) ?? 0) + 1);
  }

  /** @internal Called by Graph. */
  unlinkOutput(graph: Graph): void {
    const count = this.#returnedBy?.get(graph) ?? 0;
    if (count > 1) this.#returnedBy?.set(graph, count - 1);
    else this.#returnedBy?.delete(graph);
    if (this.#returnedBy?.size === 0) this.#returnedBy = null;
  }

  /** @internal Called by Graph, which keeps the list of initializers. */
  replaceData(tensor: Tensor | SparseTensor | null): void {
    this.#tensor = tensor;
  }

  #touchAll(): void {
    this.infoOrigin = null;
    this.#producer?.touch();
    for (const { node } of this.#uses) node.touch();
    for (const graph of this.#returnedBy?.keys() ?? []) graph.touch();
    this.graph.touch();
  }
}

function tensorTypeOf({ kind, type, dims }: Tensor | SparseTensor): ValueType {
  return { kind: kind === 'dense' ? 'tensor' : 'sparse-tensor', elementType: type, shape: dims };
}
