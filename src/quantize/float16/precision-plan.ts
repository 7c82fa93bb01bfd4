import type { Graph } from '../../onnx/graph.ts';
import type { Model } from '../../onnx/model.ts';
import type { Node } from '../../onnx/node.ts';
import { allGraphsOf } from '../../onnx/traverse.ts';
import type { Value } from '../../onnx/value.ts';
import type { FloatTypes } from './float-types.ts';
import { ownerOf } from './node-values.ts';
import { isFloat32Input, isFloat32Output, takesAnyFloat } from './operator-support.ts';

/** What becomes of a float32 tensor. */
export type Precision = 'float16' | 'float32';

export interface PlanOptions {
  readonly types: FloatTypes;
  /** Nodes that stay float32. */
  readonly kept: { has(node: Node): boolean };
  readonly keepIo: boolean;
}

/** Which precision every float32 value is made in, and which is wanted where it is read. Asks only; changes nothing. */
export class PrecisionPlan {
  readonly #model: Model;
  readonly #options: PlanOptions;
  readonly #returns = new Map<Value, Precision[]>();

  constructor(model: Model, options: PlanOptions) {
    this.#model = model;
    this.#options = options;
    for (const graph of allGraphsOf(model.graph)) {
      for (const value of graph.outputs) {
        const wanted = this.#returns.get(value) ?? [];
        wanted.push(this.boundaryOf(graph));
        this.#returns.set(value, wanted);
      }
    }
  }

  /** Whether a value is a tensor of float32 before the rewrite. */
  isFloat32(value: Value): boolean {
    return this.#options.types.kindOf(value) === 'float32';
  }

  /** What a graph takes in and returns. */
  boundaryOf(graph: Graph): Precision {
    const owner = ownerOf(graph);
    const isFull = owner === null ? this.#options.keepIo : this.#options.kept.has(owner);
    return isFull ? 'float32' : 'float16';
  }

  /** What a node wants of a float32 value at an input; null where it takes both. */
  wantedAt(node: Node, index: number): Precision | null {
    if (this.#options.kept.has(node)) return 'float32';
    if (takesAnyFloat(node, index)) return null;
    return isFloat32Input(node, index, this.#model.opset) ? 'float32' : 'float16';
  }

  /** What a float32 value is made as. */
  madeAs(value: Value): Precision {
    const { producer } = value;
    if (this.isConstant(value)) return this.#asWanted(value);
    if (producer === null) return this.boundaryOf(value.graph);
    if (this.#options.kept.has(producer) || isFloat32Output(producer, producer.outputs.indexOf(value)))
      return 'float32';
    if (producer.is('Constant') && producer.attributes.has('sparse_value')) return 'float32';
    return producer.is('Constant', 'ConstantOfShape', 'Cast') ? this.#asWanted(value) : 'float16';
  }

  /** Whether it is an initializer that nobody overrides. Before IR version 4 constants are inputs as well, and yet nobody gives them. */
  isConstant(value: Value): boolean {
    return value.isInitializer && (!value.isInput || this.#model.irVersion < 4);
  }

  /** float16 where that suits all readers; where they differ, float16 is made of float32. */
  #asWanted(value: Value): Precision {
    if (value.tensor?.kind === 'sparse') return 'float32';
    const wanted = new Set([
      ...(this.#returns.get(value) ?? []),
      ...value.uses.map(({ node, index }) => this.wantedAt(node, index)),
    ]);
    return wanted.has('float16') && !wanted.has('float32') ? 'float16' : 'float32';
  }
}
