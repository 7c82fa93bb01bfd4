import type { Attribute } from '../attribute.ts';
import type { Node } from '../node.ts';
import type { Dimension, Shape } from '../value-type.ts';
import type { Value } from '../value.ts';
import type { DataType } from '../data-type.ts';
import type { Content, TensorInfo } from './tensor-info.ts';
import { unknownInfo } from './tensor-info.ts';

/** Where a node is looked at: what is known of the values it reads, and what its attributes refer to. */
export interface ViewScope {
  readonly types: ReadonlyMap<Value, TensorInfo>;
  /** Operator sets of the model or function. */
  readonly opsets: ReadonlyMap<string, number>;
  /** Attributes of the call, for the body of a function. */
  readonly bindings: ReadonlyMap<string, Attribute>;
}

/** A node as the rules see it: infos for inputs, attributes with a function's references resolved. */
export class NodeView {
  readonly node: Node;
  readonly #scope: ViewScope;
  readonly #inputs: readonly (Value | null)[];

  constructor(node: Node, scope: ViewScope) {
    this.node = node;
    this.#scope = scope;
    this.#inputs = node.inputs;
  }

  /** Version of the standard operator set that the node is written in. */
  get opset(): number {
    return this.#scope.opsets.get('') ?? this.#scope.opsets.get('ai.onnx') ?? 1;
  }

  get inputCount(): number {
    return this.#inputs.length;
  }

  get outputCount(): number {
    return this.node.outputs.length;
  }

  /** Whether an optional input is there. */
  has(index: number): boolean {
    return (this.#inputs[index] ?? null) !== null;
  }

  input(index: number): TensorInfo {
    const value = this.#inputs[index] ?? null;
    return value === null ? unknownInfo : (this.#scope.types.get(value) ?? unknownInfo);
  }

  inputs(): readonly TensorInfo[] {
    return this.#inputs.map((_, index) => this.input(index));
  }

  shape(index: number): Shape {
    return this.input(index).shape;
  }

  type(index: number): DataType | null {
    return this.input(index).elementType;
  }

  content(index: number): Content {
    return this.input(index).content;
  }

  /** The only element of a small input, when it is a number or a symbol. */
  scalar(index: number): Dimension {
    const content = this.content(index);
    return content?.length === 1 ? (content[0] ?? null) : null;
  }

  attribute(name: string): Attribute | null {
    const attribute = this.node.attributes.get(name);
    if (attribute?.kind !== 'reference') return attribute ?? null;
    return this.#scope.bindings.get(attribute.value) ?? null;
  }

  int(name: string, fallback: number): number {
    const attribute = this.attribute(name);
    return attribute?.kind === 'int' ? Number(attribute.value) : fallback;
  }

  ints(name: string): readonly number[] | null {
    const attribute = this.attribute(name);
    return attribute?.kind === 'ints' ? attribute.value.map(Number) : null;
  }

  float(name: string, fallback: number): number {
    const attribute = this.attribute(name);
    return attribute?.kind === 'float' ? attribute.value : fallback;
  }

  floats(name: string): readonly number[] | null {
    const attribute = this.attribute(name);
    return attribute?.kind === 'floats' ? attribute.value : null;
  }

  string(name: string, fallback: string): string {
    const attribute = this.attribute(name);
    return attribute?.kind === 'string' ? Buffer.from(attribute.value).toString('utf8') : fallback;
  }

  /** Integers that old operator sets give as an attribute and new ones as an input; null when not known. */
  integers(name: string, inputIndex: number): Content {
    return this.has(inputIndex) ? this.content(inputIndex) : this.ints(name);
  }
}

/** What is known of a node's outputs, in order; those left out are unknown. */
export type Rule = (node: NodeView) => readonly TensorInfo[];
