import { longs } from '../graph-builder.ts';
import type { Node } from '../node.ts';
import type { Content, TensorInfo } from '../shape/tensor-info.ts';
import { Tensor } from '../tensor.ts';
import type { Value } from '../value.ts';
import type { Shape } from '../value-type.ts';

/**
 * How a value depends on the batch: `samples` holds one sample after another along an axis, each made from that
 * sample alone; `sizes` is a shape, as integers, whose element `index` is the batch size (null: a scalar that is it).
 * What is in no map is the same for every batch.
 */
export type BatchState =
  | { readonly kind: 'samples'; readonly axis: number }
  | { readonly kind: 'sizes'; readonly index: number | null };

/** What is known of the graph at the batch size it was written for. */
export interface BatchFacts {
  readonly batchSize: number;
  readonly opset: number;
  readonly types: ReadonlyMap<Value, TensorInfo>;
  readonly states: Map<Value, BatchState>;
  /** Changes to make when all nodes are found sound. */
  readonly edits: (() => void)[];
}

/** A node cannot take another batch size. */
export class BatchProblem extends Error {
  readonly node: Node;

  constructor(node: Node, problem: string) {
    super(problem);
    this.name = 'BatchProblem';
    this.node = node;
  }
}

/** A node as the rules see it. */
export class BatchView {
  readonly node: Node;
  readonly facts: BatchFacts;

  constructor(node: Node, facts: BatchFacts) {
    this.node = node;
    this.facts = facts;
  }

  /** How an input depends on the batch; null when it does not, or is left out. */
  state(index: number): BatchState | null {
    const value = this.node.input(index);
    return (value && this.facts.states.get(value)) ?? null;
  }

  /** The axis along which an input holds samples; null when it does not depend on the batch. */
  axis(index: number): number | null {
    const state = this.state(index);
    if (state?.kind === 'sizes') return this.refuse('it computes with the batch size');
    return state?.axis ?? null;
  }

  /** The axis along which the first input holds samples, while no other input depends on the batch. */
  onlyAxis(): number {
    const [first, ...rest] = this.node.inputs.map((_, index) => this.axis(index));
    if (typeof first !== 'number' || rest.some((axis) => axis !== null)) {
      return this.refuse('another input than its first depends on the batch');
    }
    return first;
  }

  shape(index: number): NonNullable<Shape> {
    const value = this.node.input(index);
    return this.#shapeOf(value) ?? this.refuse(`the shape of '${value?.name ?? ''}' is not known`);
  }

  outputShape(): NonNullable<Shape> {
    return this.#shapeOf(this.node.output(0)) ?? this.refuse('the shape of its output is not known');
  }

  rank(index: number): number {
    return this.shape(index).length;
  }

  /** Elements of a small input at the old batch size, as far as they are known; null when none is. */
  content(index: number): Content {
    const value = this.node.input(index);
    return value === null ? null : (this.facts.types.get(value)?.content ?? null);
  }

  /** Elements of a small input at the old batch size; null when one of them is not known. */
  numbers(index: number): readonly number[] | null {
    const content = this.content(index);
    const numbers = content?.filter((element) => typeof element === 'number');
    return numbers !== undefined && numbers.length === content?.length ? numbers : null;
  }

  /** A list that is an attribute in old operator sets and an input in newer ones; `absent` where neither is given. */
  list(attribute: string, index: number, absent: readonly number[] | null): readonly number[] {
    const given = this.node.ints(attribute);
    if (given !== null) return given;
    if (this.node.input(index) === null) return absent ?? this.refuse(`it says no '${attribute}'`);
    return this.numbers(index) ?? this.refuse(`its '${attribute}' are computed`);
  }

  /** Has the second input replaced by a list, once all nodes are found sound. */
  replaceList(role: string, list: readonly number[]): void {
    const { node } = this;
    this.facts.edits.push(() => {
      const { graph } = node;
      const name = `${node.output(0)?.name ?? node.op}_${role}`;
      if (graph !== null) node.setInput(1, graph.addInitializer(name, Tensor.fromDense(longs(list))));
    });
  }

  refuse(problem: string): never {
    throw new BatchProblem(this.node, problem);
  }

  #shapeOf(value: Value | null): Shape {
    return value === null ? null : (this.facts.types.get(value)?.shape ?? null);
  }
}

/** Axis of the samples in each output, or in all of them; null for outputs that do not depend on the batch. */
export type BatchRule = (view: BatchView) => number | null | readonly (number | null)[];

/** An axis counted from the front. */
export function fromFront(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis;
}
