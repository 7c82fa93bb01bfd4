import type { Attribute } from './attribute.ts';
import { attributeOf } from './attribute.ts';
import type { DataType } from './data-type.ts';
import type { DenseTensor } from './dense-tensor.ts';
import { Graph } from './graph.ts';
import { Model } from './model.ts';
import type { Names } from './names.ts';
import type { Shape, ValueType } from './value-type.ts';
import { tensorType } from './value-type.ts';
import { SparseTensor, Tensor } from './tensor.ts';
import type { Value } from './value.ts';

/** A plain attribute value: whole numbers are ints, others floats; `{ float: 1 }` says float for a whole number. */
export type PlainAttribute =
  | number
  | bigint
  | string
  | readonly (number | bigint)[]
  | readonly string[]
  | { readonly float: number }
  | { readonly floats: readonly number[] }
  | Tensor
  | Graph;

export interface OpOptions {
  readonly attributes?: Readonly<Record<string, PlainAttribute>>;
  readonly domain?: string;
  readonly name?: string;
  /** Name of the (first) output. */
  readonly as?: string;
}

/**
 * Writes a graph as one would on paper:
 *
 *     const g = new GraphBuilder();
 *     const x = g.input('x', 'float32', ['batch', 4]);
 *     const y = g.op('Relu', [g.op('MatMul', [x, g.constant('w', weights)])]);
 *     g.output(y, 'y');
 *     const model = g.model({ opset: 17 });
 */
export class GraphBuilder {
  readonly graph: Graph;

  /** @param graph a graph to write on, or the name of a new one */
  constructor(graph: string | Graph = 'graph', names?: Names) {
    this.graph = typeof graph === 'string' ? new Graph(graph, names) : graph;
  }

  input(name: string, type: DataType | ValueType, shape: Shape = null): Value {
    return this.graph.addInput(name, typeof type === 'string' ? tensorType(type, shape) : type);
  }

  constant(name: string, tensor: DenseTensor | Tensor | SparseTensor): Value {
    const isTensor = tensor instanceof Tensor || tensor instanceof SparseTensor;
    return this.graph.addInitializer(name, isTensor ? tensor : Tensor.fromDense(tensor));
  }

  /** Adds a node and returns its only (or first) output. */
  op(op: string, inputs: readonly (Value | null)[], options: OpOptions = {}): Value {
    const [first] = this.ops(op, inputs, { ...options, outputs: 1 });
    if (first === undefined) throw new RangeError('a node has at least one output');
    return first;
  }

  /** Adds a node with several outputs. */
  ops(
    op: string,
    inputs: readonly (Value | null)[],
    { outputs, ...options }: OpOptions & { readonly outputs: number },
  ): readonly Value[] {
    const base = options.as ?? `${op.toLowerCase()}_out`;
    const node = this.graph.append({
      op,
      inputs,
      outputs: Array.from({ length: outputs }, () => base),
      domain: options.domain ?? '',
      name: options.name ?? '',
      attributes: Object.entries(options.attributes ?? {}).map(([name, value]) => toAttribute(name, value)),
    });
    return node.outputs.filter((value) => value !== null);
  }

  /** Returns a value from the graph, under a name if given. Types are needed by onnxruntime for main graphs only. */
  output(value: Value, name?: string, type?: ValueType): Value {
    if (name !== undefined) value.rename(name);
    if (type !== undefined) value.setType(type);
    this.graph.addOutput(value);
    return value;
  }

  /** A builder for a subgraph that may capture values of this one. */
  subgraph(name: string): GraphBuilder {
    return new GraphBuilder(name, this.graph.names);
  }

  /** The finished model. Other operator sets go into `opsets`. */
  model({ opset = 17, irVersion = irVersionFor(opset), opsets = {} as Readonly<Record<string, number>> } = {}): Model {
    const imports = new Map([['', opset], ...Object.entries(opsets)]);
    return new Model({ irVersion, opsets: imports, graph: this.graph, producer: { name: 'infer', version: '' } });
  }
}

/** Oldest IR version that may carry an opset, by the table in onnx's Versioning.md. */
export function irVersionFor(opset: number): number {
  if (opset >= 25) return 12;
  if (opset >= 23) return 11;
  if (opset >= 21) return 10;
  if (opset >= 19) return 9;
  return opset >= 15 ? 8 : 7;
}

function toAttribute(name: string, value: PlainAttribute): Attribute {
  if (value instanceof Tensor) return attributeOf.tensor(name, value);
  if (value instanceof Graph) return attributeOf.graph(name, value);
  if (typeof value === 'string') return attributeOf.string(name, value);
  if (typeof value === 'bigint') return attributeOf.int(name, value);
  if (typeof value === 'number')
    return Number.isInteger(value) ? attributeOf.int(name, value) : attributeOf.float(name, value);
  if (isStrings(value)) return attributeOf.strings(name, value);
  if (isIntegers(value)) return attributeOf.ints(name, value);
  return 'float' in value ? attributeOf.float(name, value.float) : attributeOf.floats(name, value.floats);
}

function isStrings(value: object): value is readonly string[] {
  return Array.isArray(value) && typeof value[0] === 'string';
}

function isIntegers(value: object): value is readonly (number | bigint)[] {
  return Array.isArray(value) && typeof value[0] !== 'string';
}

/** A small float32 tensor from plain numbers. */
export function floats(dims: readonly number[], values: readonly number[]): DenseTensor {
  return { type: 'float32', dims, data: Float32Array.from(values) };
}

/** A vector of int64, such as a shape. */
export function longs(values: readonly number[]): DenseTensor {
  return { type: 'int64', dims: [values.length], data: BigInt64Array.from(values, BigInt) };
}

/** An int64 scalar, such as an index. */
export function long(value: number): DenseTensor {
  return { type: 'int64', dims: [], data: BigInt64Array.of(BigInt(value)) };
}
