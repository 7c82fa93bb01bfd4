import type { Attribute } from './attribute.ts';
import { graphsOf } from './attribute.ts';
import type { Graph } from './graph.ts';
import type { MetadataEntry } from './metadata.ts';
import type { Origin } from './origin.ts';
import type { Use, Value } from './value.ts';

interface Slot extends Use {
  readonly value: Value | null;
}

/** What a file says about a node beside what it computes. */
export interface NodeInfo {
  readonly docString?: string;
  readonly metadata?: readonly MetadataEntry[];
  readonly overload?: string;
  /** `device_configurations` and fields of a newer schema, as they were. */
  readonly unknownFields?: Uint8Array | null;
}

export interface NodeOptions {
  readonly op: string;
  readonly domain?: string;
  readonly name?: string;
  readonly attributes?: readonly Attribute[];
  readonly info?: NodeInfo;
}

const noAttributes: ReadonlyMap<string, Attribute> = new Map();

/** One operation. Its edges change only through its methods, which keep the values' uses right. */
export class Node {
  info: NodeInfo;
  /** @internal Links of the graph's list; null at its ends. A removed node keeps `next` for loops under way. */
  links: { previous: Node | null; next: Node | null } = { previous: null, next: null };
  /** The NodeProto it was read from, while it is as it was. */
  origin: Origin | null = null;
  #graph: Graph | null = null;
  #op: string;
  #domain: string;
  #name: string;
  #slots: Slot[] = [];
  #outputs: readonly (Value | null)[] = [];
  /** Null as long as there are none: of 100,000 nodes, most have none. */
  #attributes: Map<string, Attribute> | null = null;

  /** @internal Nodes are made by their graph. */
  constructor(options: NodeOptions) {
    this.#op = options.op;
    this.#domain = options.domain ?? '';
    this.#name = options.name ?? '';
    this.info = options.info ?? {};
    for (const attribute of options.attributes ?? []) this.#setAttribute(attribute);
  }

  /** Operator type, such as `Conv`. */
  get op(): string {
    return this.#op;
  }

  /** Operator set as the file spells it; the standard one is '' or `ai.onnx`. */
  get domain(): string {
    return this.#domain;
  }

  get name(): string {
    return this.#name;
  }

  /** Null after removal. */
  get graph(): Graph | null {
    return this.#graph;
  }

  /** Inputs by position; null where an optional one is left out. */
  get inputs(): readonly (Value | null)[] {
    return this.#slots.map(({ value }) => value);
  }

  get outputs(): readonly (Value | null)[] {
    return this.#outputs;
  }

  get attributes(): ReadonlyMap<string, Attribute> {
    return this.#attributes ?? noAttributes;
  }

  /** Subgraphs of its attributes, such as a Loop's body. */
  get subgraphs(): readonly Graph[] {
    if (this.#attributes === null) return [];
    return [...this.#attributes.values()].flatMap((attribute) => graphsOf(attribute));
  }

  /** Whether it is one of these operators of the standard set. */
  is(...ops: readonly string[]): boolean {
    return (this.#domain === '' || this.#domain === 'ai.onnx') && ops.includes(this.#op);
  }

  input(index: number): Value | null {
    return this.#slots[index]?.value ?? null;
  }

  output(index: number): Value | null {
    return this.#outputs[index] ?? null;
  }

  /** Whether the value at an input knows that it is read there. */
  isLinked(index: number): boolean {
    const slot = this.#slots[index];
    return slot === undefined || slot.value === null || slot.value.hasUse(slot);
  }

  /** An int attribute as a number, or the fallback. */
  int(name: string, fallback: number): number {
    const attribute = this.#attributes?.get(name);
    return attribute?.kind === 'int' ? Number(attribute.value) : fallback;
  }

  /** An ints attribute as numbers, or null where there is none. */
  ints(name: string): readonly number[] | null {
    const attribute = this.#attributes?.get(name);
    return attribute?.kind === 'ints' ? attribute.value.map(Number) : null;
  }

  float(name: string, fallback: number): number {
    const attribute = this.#attributes?.get(name);
    return attribute?.kind === 'float' ? attribute.value : fallback;
  }

  /** A string attribute as text, or the fallback. */
  string(name: string, fallback: string): string {
    const attribute = this.#attributes?.get(name);
    return attribute?.kind === 'string' ? Buffer.from(attribute.value).toString('utf8') : fallback;
  }

  /** Makes it another operation on the same outputs. */
  setOp(op: string, domain = this.#domain): void {
    this.#op = op;
    this.#domain = domain;
    this.touch();
  }

  /** Gives it another name. The caller sees to it that the name is free: `graph.names.uniqueNode`. */
  rename(name: string): void {
    this.#graph?.names.takeNode(name);
    this.#name = name;
    this.touch();
  }

  /** Feeds one input from another value; positions between are left out. */
  setInput(index: number, value: Value | null): void {
    while (this.#slots.length < index) this.#slots.push({ node: this, index: this.#slots.length, value: null });
    this.#unlink(this.#slots[index]);
    this.#slots[index] = this.#link(index, value);
    this.touch();
  }

  /** Replaces all inputs. */
  setInputs(values: readonly (Value | null)[]): void {
    for (const slot of this.#slots) this.#unlink(slot);
    this.#slots = values.map((value, index) => this.#link(index, value));
    this.touch();
  }

  setAttribute(attribute: Attribute): void {
    this.#setAttribute(attribute);
    this.touch();
  }

  removeAttribute(name: string): void {
    const old = this.#attributes?.get(name);
    if (old === undefined) return;
    for (const graph of graphsOf(old)) graph.detach();
    this.#attributes?.delete(name);
    this.touch();
  }

  /** Leaves out the outputs from a position on. Throws RangeError while one of them is needed. */
  trimOutputs(count: number): void {
    const rest = this.#outputs.slice(count);
    const needed = rest.find((value) => value !== null && !value.isUnused);
    if (needed) throw new RangeError(`node '${this.#name}' cannot leave out '${needed.name}'`);
    for (const value of rest) value?.setRole({ producer: null });
    this.#outputs = this.#outputs.slice(0, count);
    this.touch();
  }

  /** Says that it is no longer what its file holds, and neither is the graph around it. */
  touch(): void {
    this.origin = null;
    this.#graph?.touch();
  }

  /** @internal Called by Graph. */
  attach(graph: Graph, outputs: readonly (Value | null)[]): void {
    this.#graph = graph;
    this.#outputs = outputs;
  }

  /** @internal Called by Graph: lets go of everything it reads, also from inside its subgraphs. */
  detach(): void {
    for (const slot of this.#slots) this.#unlink(slot);
    for (const graph of this.subgraphs) graph.detach();
    this.#graph = null;
  }

  #setAttribute(attribute: Attribute): void {
    const old = this.#attributes?.get(attribute.name);
    const kept = graphsOf(attribute);
    for (const graph of old ? graphsOf(old) : []) if (!kept.includes(graph)) graph.detach();
    for (const graph of kept) graph.setContainer(this);
    this.#attributes ??= new Map();
    this.#attributes.set(attribute.name, attribute);
  }

  #link(index: number, value: Value | null): Slot {
    const slot = { node: this, index, value };
    value?.linkUse(slot);
    return slot;
  }

  #unlink(slot: Slot | undefined): void {
    slot?.value?.unlinkUse(slot);
  }
}
