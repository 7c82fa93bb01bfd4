import { copyNodes } from '../../onnx/copy-graph.ts';
import type { DataType } from '../../onnx/data-type.ts';
import type { Model } from '../../onnx/model.ts';
import { topologicalOrder } from '../../onnx/sort.ts';
import type { Value } from '../../onnx/value.ts';
import type { Expr } from '../expressions/expr.ts';
import { expressionOpset } from '../expressions/expression-writer.ts';
import { Expressions } from '../expressions/expressions.ts';
import type { PreparedModel, PrepareOptions } from './prepare-model.ts';
import { prepareModel } from './prepare-model.ts';

/** A model as a part of a training graph. */
export interface IncludedModel {
  /** Its outputs and the values that were tapped, by the names they have in the model. */
  readonly outputs: ReadonlyMap<string, Expr>;
  /** Its parameters, by the names of their initializers; they are inputs of the graph. */
  readonly parameters: ReadonlyMap<string, Expr>;
}

export interface IncludeOptions extends Omit<PrepareOptions, 'opset'> {
  /** What its inputs are called in the graph, where that is not their own name: models share inputs by name. */
  readonly inputNames?: ReadonlyMap<string, string>;
}

/** The graph of a training step: models that share their inputs, and a loss on what they return. */
export class TrainingGraph {
  readonly e = new Expressions('training');
  /** The one operator set that all its models are brought to. */
  readonly #opset: number;
  readonly #inputs = new Map<string, Expr>();

  /** For these models, that is: for the newest operator set among theirs. */
  constructor(models: readonly Model[]) {
    this.#opset = Math.max(expressionOpset, ...models.map(({ opset }) => opset));
    this.e.importOpset('', this.#opset);
  }

  /** An input that is fed at every step: data or labels. The same name is the same input. */
  input(name: string, type: DataType, dims: readonly number[]): Expr {
    const known = this.#inputs.get(name);
    if (known !== undefined) {
      if (known.type !== type || known.dims.join() !== dims.join())
        throw new RangeError(`the input '${name}' is ${known.type}[${known.dims.join()}] and ${type}[${dims.join()}]`);
      return known;
    }
    const made = this.e.input(this.e.graph.names.unique(name), type, dims);
    if (made.value.name !== name) throw new RangeError(`the name '${name}' is taken`);
    this.#inputs.set(name, made);
    return made;
  }

  /**
   * Copies a model into the graph. Its constants stay constants, which the runtime can rearrange once; its parameters
   * become inputs. Throws what `prepareModel` throws; RangeError where an input differs from another model's.
   */
  async include(original: Model, options: IncludeOptions): Promise<IncludedModel> {
    const prepared = await prepareModel(original, { ...options, opset: this.#opset });
    for (const [domain, version] of prepared.model.opsets) this.e.importOpset(domain, version);
    const values = new Map<Value, Value>();
    const trained = new Set(prepared.parameters.values());
    for (const value of prepared.model.graph.inputs) {
      if (trained.has(value)) continue;
      const { type, dims } = shapeOf(prepared, value);
      values.set(value, this.input(options.inputNames?.get(value.name) ?? value.name, type, dims).value);
    }
    const parameters = new Map<string, Expr>();
    for (const [name, value] of prepared.parameters) {
      const { type, dims } = shapeOf(prepared, value);
      const input = this.e.input(this.e.graph.names.unique(name), type, dims);
      values.set(value, input.value);
      parameters.set(name, input);
    }
    this.#copy(prepared, values);
    const outputs = [...prepared.taps].map(
      ([name, value]) => [name, this.e.exprOf(values.get(value) ?? value)] as const,
    );
    return { outputs: new Map(outputs), parameters };
  }

  #copy(prepared: PreparedModel, values: Map<Value, Value>): void {
    const { graph } = prepared.model;
    for (const value of graph.initializers) {
      if (value.tensor !== null && !values.has(value))
        values.set(value, this.e.graph.addInitializer(this.e.graph.names.unique(value.name), value.tensor));
    }
    copyNodes(topologicalOrder(graph), this.e.graph, { before: null, values });
    for (const [value, shape] of prepared.shapes) {
      const copy = values.get(value);
      if (copy !== undefined) this.e.adopt(copy, shape);
    }
  }
}

function shapeOf({ shapes }: PreparedModel, value: Value) {
  const shape = shapes.get(value);
  if (shape === undefined) throw new RangeError(`the shape of '${value.name}' is not known`);
  return shape;
}
