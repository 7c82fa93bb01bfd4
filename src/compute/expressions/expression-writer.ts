import type { NumericType } from '../../onnx/data-type.ts';
import type { DenseTensor } from '../../onnx/dense-tensor.ts';
import type { Graph } from '../../onnx/graph.ts';
import type { PlainAttribute } from '../../onnx/graph-builder.ts';
import { GraphBuilder, longs } from '../../onnx/graph-builder.ts';
import type { Model } from '../../onnx/model.ts';
import { tensorOfNumbers } from '../../onnx/tensor-types/tensor-of-numbers.ts';
import type { Value } from '../../onnx/value.ts';
import type { TensorShape } from '../../runtime/model-runner.ts';
import { tensorType } from '../../onnx/value-type.ts';
import type { DataType } from '../../onnx/data-type.ts';
import type { Expr } from './expr.ts';

/** The standard operator set that expressions are written in. */
export const expressionOpset = 20;

export interface OpResult {
  readonly type: DataType;
  readonly dims: readonly number[];
  readonly attributes?: Readonly<Record<string, PlainAttribute>>;
}

/** Writes nodes whose types and shapes the caller knows. */
export class ExpressionWriter {
  readonly builder: GraphBuilder;
  readonly #scalars = new Map<string, Expr>();
  readonly #longs = new Map<string, Value>();
  readonly #opsets = new Map([['', expressionOpset]]);
  readonly #known = new Map<Value, Expr>();

  /** Writes on a graph of its own unless given one. */
  constructor(graph: string | Graph = 'expression') {
    this.builder = new GraphBuilder(graph);
  }

  get graph(): Graph {
    return this.builder.graph;
  }

  /** Says that the graph holds nodes of an operator set: '' is the standard one. The newest version asked for counts. */
  importOpset(domain: string, version: number): void {
    this.#opsets.set(domain, Math.max(version, this.#opsets.get(domain) ?? 0));
  }

  /** The finished graph as a model. */
  model(): Model {
    const { '': opset = expressionOpset, ...opsets } = Object.fromEntries(this.#opsets);
    return this.builder.model({ opset, opsets });
  }

  /** Takes in a value that is in the graph already. */
  adopt(value: Value, { type, dims }: TensorShape): Expr {
    const expr = { value, type, dims };
    this.#known.set(value, expr);
    return expr;
  }

  /** A value that was written or adopted here. Throws RangeError for others. */
  exprOf(value: Value): Expr {
    const expr = this.#known.get(value);
    if (expr === undefined) throw new RangeError(`the shape of '${value.name}' is not known`);
    return expr;
  }

  /** Type and shape of a value; null for one that was neither written nor adopted here. */
  shapeOf(value: Value): TensorShape | null {
    return this.#known.get(value) ?? null;
  }

  input(name: string, type: DataType, dims: readonly number[]): Expr {
    return this.adopt(this.builder.input(name, type, dims), { type, dims });
  }

  /** Returns it from the graph. A value that has a name already (an input) is returned through an Identity. */
  output(x: Expr, name: string): void {
    const value = x.value.producer === null || x.value.isOutput ? this.op('Identity', [x], x).value : x.value;
    this.builder.output(value, name, tensorType(x.type, x.dims));
  }

  constant(tensor: DenseTensor, name = 'constant'): Expr {
    const value = this.builder.constant(this.graph.names.unique(name), tensor);
    return this.adopt(value, tensor);
  }

  /** One number; the same one is kept once. */
  scalar(number: number, type: NumericType = 'float32'): Expr {
    const key = `${type} ${Object.is(number, -0) ? '-0' : number}`;
    const known = this.#scalars.get(key);
    if (known) return known;
    const made = this.constant(tensorOfNumbers(type, [], [number]), 'scalar');
    this.#scalars.set(key, made);
    return made;
  }

  /** A vector of int64 for operators that take axes and shapes as an input; the same one is kept once. */
  longs(numbers: readonly number[]): Value {
    const key = numbers.join();
    const known = this.#longs.get(key);
    if (known) return known;
    const { value } = this.constant(longs(numbers), 'longs');
    this.#longs.set(key, value);
    return value;
  }

  /** Any operator with one output. Null inputs are left out. */
  op(op: string, inputs: readonly (Expr | Value | null)[], { type, dims, attributes = {} }: OpResult): Expr {
    return this.adopt(this.builder.op(op, inputs.map(valueOf), { attributes }), { type, dims });
  }

  /** Any operator with several outputs. */
  ops(
    op: string,
    inputs: readonly (Expr | Value | null)[],
    {
      outputs,
      attributes = {},
    }: Pick<OpResult, 'attributes'> & { readonly outputs: readonly Omit<OpResult, 'attributes'>[] },
  ): readonly Expr[] {
    const values = this.builder.ops(op, inputs.map(valueOf), { attributes, outputs: outputs.length });
    return outputs.flatMap(({ type, dims }, index) => {
      const value = values[index];
      return value === undefined ? [] : [this.adopt(value, { type, dims })];
    });
  }
}

function valueOf(part: Expr | Value | null): Value | null {
  return part !== null && 'dims' in part ? part.value : part;
}
