import { isFloatType } from '../../onnx/data-type.ts';
import type { Node } from '../../onnx/node.ts';
import { numbersOf } from '../../onnx/tensor-types/numbers-of.ts';
import type { Value } from '../../onnx/value.ts';
import type { Expr } from '../expressions/expr.ts';
import type { Expressions } from '../expressions/expressions.ts';
import type { NodeGradient } from './gradient-rule.ts';

interface GradientState {
  readonly e: Expressions;
  /** Values whose gradient somebody needs. */
  readonly active: ReadonlySet<Value>;
  /** Gradients so far: complete for the outputs of the node that is looked at. */
  readonly gradients: Map<Value, Expr>;
}

/** A node as a gradient rule sees it. */
export class GradientView implements NodeGradient {
  readonly e: Expressions;
  readonly node: Node;
  readonly #state: GradientState;

  constructor(node: Node, state: GradientState) {
    this.e = state.e;
    this.node = node;
    this.#state = state;
  }

  input(index: number): Expr {
    return this.#expr(this.node.input(index), `input ${index}`);
  }

  hasInput(index: number): boolean {
    return this.node.input(index) !== null;
  }

  output(index: number): Expr {
    return this.#expr(this.node.output(index), `output ${index}`);
  }

  gradient(index = 0): Expr {
    const output = this.output(index);
    return this.#state.gradients.get(output.value) ?? this.e.expand(this.e.scalarLike(output, 0), output.dims);
  }

  hasGradient(index: number): boolean {
    const value = this.node.output(index);
    return value !== null && this.#state.gradients.has(value);
  }

  wants(index: number): boolean {
    const value = this.node.input(index);
    if (value === null || !this.#state.active.has(value)) return false;
    // Whole numbers have no gradient, not even where they follow from what has one.
    return isFloatType(this.e.exprOf(value).type);
  }

  give(index: number, gradient: () => Expr): void {
    if (!this.wants(index)) return;
    const { value, type, dims } = this.input(index);
    const more = this.e.cast(gradient(), type);
    if (more.dims.join() !== dims.join())
      throw new RangeError(`a gradient of ${this.node.op} is [${more.dims.join()}] where [${dims.join()}] is wanted`);
    const sofar = this.#state.gradients.get(value);
    this.#state.gradients.set(value, sofar === undefined ? more : this.e.add(sofar, more));
  }

  constant(index: number): readonly number[] | null {
    const value = this.node.input(index);
    const tensor = value?.constant ?? null;
    return tensor === null ? null : Array.from(numbersOf(tensor.toDense()));
  }

  #expr(value: Value | null, what: string): Expr {
    if (value === null) throw new RangeError(`${this.node.op} has no ${what}`);
    return this.e.exprOf(value);
  }
}
