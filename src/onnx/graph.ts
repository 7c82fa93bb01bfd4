import type { GraphContainer, GraphInfo, NodeSpec } from './graph-spec.ts';
import { Names } from './names.ts';
import { Node } from './node.ts';
import type { Origin } from './origin.ts';
import type { SparseTensor, Tensor } from './tensor.ts';
import { Value } from './value.ts';
import type { ValueType } from './value-type.ts';

/** Nodes in order, the values between them, and what goes in and out. */
export class Graph {
  name: string;
  info: GraphInfo = {};
  readonly names: Names;
  /** The GraphProto it was read from, while everything in it is as it was. */
  origin: Origin | null = null;
  #container: GraphContainer | null = null;
  #inputs: Value[] = [];
  #outputs: Value[] = [];
  readonly #initializers = new Set<Value>();
  #first: Node | null = null;
  #last: Node | null = null;
  #nodeCount = 0;

  /** `names` are the model's: a subgraph shares those of the graph around it. */
  constructor(name: string, names: Names = new Names()) {
    this.name = name;
    this.names = names;
  }

  get container(): GraphContainer | null {
    return this.#container;
  }

  /** Graph whose values this one may capture. */
  get parent(): Graph | null {
    return this.#container?.graph ?? null;
  }

  get inputs(): readonly Value[] {
    return this.#inputs;
  }

  get outputs(): readonly Value[] {
    return this.#outputs;
  }

  /** Constants, also those that are inputs' defaults. Safe to remove while iterating. */
  get initializers(): ReadonlySet<Value> {
    return this.#initializers;
  }

  get nodeCount(): number {
    return this.#nodeCount;
  }

  get firstNode(): Node | null {
    return this.#first;
  }

  get lastNode(): Node | null {
    return this.#last;
  }

  /** Nodes in order. The current node, and any other, may be removed while iterating; nodes put behind it are met. */
  *nodes(): Generator<Node, void, undefined> {
    for (let node = this.#first; node !== null; node = node.links.next) if (node.graph === this) yield node;
  }

  /** Nodes from last to first; may be removed while iterating. */
  *nodesBackward(): Generator<Node, void, undefined> {
    let node = this.#last;
    while (node !== null) {
      const { previous } = node.links;
      if (node.graph === this) yield node;
      node = node.graph === this ? node.links.previous : previous;
    }
  }

  addInput(name: string, type: ValueType | null): Value {
    const value = this.newValue(name);
    value.setRole({ isInput: true });
    value.setType(type);
    this.#inputs.push(value);
    return value;
  }

  /** Makes an initializer's value an input too (its default), at a place among the inputs. */
  exposeInitializer(value: Value, index = this.#inputs.length): void {
    if (!this.#initializers.has(value) || value.isInput) throw new RangeError(`'${value.name}' cannot become an input`);
    value.setRole({ isInput: true });
    this.#inputs.splice(index, 0, value);
    this.touch();
  }

  /** Takes an input away. Its default stays as a constant; without one it must be unused (RangeError). */
  removeInput(value: Value): void {
    if (!value.isInitializer && !value.isUnused) throw new RangeError(`input '${value.name}' is used`);
    const index = this.#inputs.lastIndexOf(value);
    if (index === -1) throw new RangeError(`'${value.name}' is no input of this graph`);
    this.#inputs.splice(index, 1);
    value.setRole({ isInput: false });
    this.touch();
  }

  addOutput(value: Value): void {
    value.linkOutput(this);
    this.#outputs.push(value);
    this.touch();
  }

  /** Returns another value at a place. Whoever wants the caller to see no change renames it. */
  setOutput(index: number, value: Value): void {
    const old = this.#outputs[index];
    if (old === undefined) throw new RangeError(`there is no output ${index}`);
    old.unlinkOutput(this);
    value.linkOutput(this);
    this.#outputs[index] = value;
    this.touch();
  }

  removeOutput(index: number): void {
    const [old] = this.#outputs.splice(index, 1);
    old?.unlinkOutput(this);
    this.touch();
  }

  /** A new constant; the name is made unique. */
  addInitializer(name: string, tensor: Tensor | SparseTensor): Value {
    const value = new Value(this, this.names.unique(name));
    this.setInitializer(value, tensor);
    return value;
  }

  /** Gives an input its default, or a new value its constant. @internal for the reader; passes use addInitializer. */
  setInitializer(value: Value, tensor: Tensor | SparseTensor): void {
    value.replaceData(tensor);
    this.#initializers.add(value);
    this.touch();
  }

  /** Takes a constant away, or an input's default. Throws RangeError while something needs it. */
  removeInitializer(value: Value): void {
    if (!value.isInput && !value.isUnused) throw new RangeError(`initializer '${value.name}' is used`);
    this.#initializers.delete(value);
    value.replaceData(null);
    this.touch();
  }

  append(spec: NodeSpec): Node {
    return this.insertBefore(null, spec);
  }

  /** Puts a new node before another; null puts it at the end. */
  insertBefore(anchor: Node | null, spec: NodeSpec): Node {
    const outputs = spec.outputs.map((name) => (name === null ? null : new Value(this, this.names.unique(name))));
    return this.#insertNode(anchor, spec, outputs);
  }

  /** Puts a new node right behind another. */
  insertAfter(anchor: Node, spec: NodeSpec): Node {
    return this.insertBefore(anchor.links.next, spec);
  }

  /** @internal For the reader: output names are taken as they are. */
  insertNamed(anchor: Node | null, spec: NodeSpec): Node {
    const outputs = spec.outputs.map((name) => (name === null ? null : this.newValue(name)));
    return this.#insertNode(anchor, spec, outputs);
  }

  #insertNode(anchor: Node | null, spec: NodeSpec, outputs: readonly (Value | null)[]): Node {
    const node = new Node(spec);
    node.attach(this, outputs);
    this.names.takeNode(node.name);
    for (const value of outputs) value?.setRole({ producer: node });
    node.setInputs(spec.inputs);
    this.#insert(anchor, node);
    return node;
  }

  /** Removes a node. Throws RangeError while one of its outputs is needed. */
  remove(node: Node): void {
    if (node.graph !== this) throw new RangeError(`node '${node.name}' is not in this graph`);
    const needed = node.outputs.find((value) => value !== null && !value.isUnused);
    if (needed) throw new RangeError(`node '${node.name}' still makes '${needed.name}'`);
    this.#unlink(node);
    node.detach();
    for (const value of node.outputs) value?.setRole({ producer: null });
    this.touch();
  }

  /** Moves a node before another of this graph; null moves it to the end. */
  moveBefore(anchor: Node | null, node: Node): void {
    if (anchor === node) return;
    this.#unlink(node);
    this.#insert(anchor, node);
  }

  /** @internal Called by whoever holds it. */
  setContainer(container: GraphContainer): void {
    this.#container = container;
  }

  /** @internal Lets go of every value outside that its nodes read or that it returns. */
  detach(): void {
    for (const node of this.nodes()) node.detach();
    for (const value of this.#outputs) if (value.graph !== this) value.unlinkOutput(this);
    this.#outputs = this.#outputs.filter((value) => value.graph === this);
    this.#container = null;
  }

  /** Says that it is no longer what its file holds, and neither is what it sits in. */
  touch(): void {
    this.origin = null;
    this.#container?.touch();
  }

  /** @internal For the reader: a value by itself, to become an initializer. */
  newValue(name: string): Value {
    this.names.take(name);
    return new Value(this, name);
  }

  #insert(anchor: Node | null, node: Node): void {
    const previous = anchor === null ? this.#last : anchor.links.previous;
    node.links = { previous, next: anchor };
    if (previous === null) this.#first = node;
    else previous.links.next = node;
    if (anchor === null) this.#last = node;
    else anchor.links.previous = node;
    this.#nodeCount++;
    this.touch();
  }

  #unlink(node: Node): void {
    const { previous, next } = node.links;
    if (previous === null) this.#first = next;
    else previous.links.next = next;
    if (next === null) this.#last = previous;
    else next.links.previous = previous;
    this.#nodeCount--;
  }
}
