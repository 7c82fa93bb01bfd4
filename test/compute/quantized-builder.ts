import type { DenseTensor } from '../../src/onnx/dense-tensor.ts';
import { elementCount } from '../../src/onnx/dense-tensor.ts';
import type { OpOptions } from '../../src/onnx/graph-builder.ts';
import { floats, GraphBuilder, long } from '../../src/onnx/graph-builder.ts';
import type { Value } from '../../src/onnx/value.ts';
import { tensorType } from '../../src/onnx/value-type.ts';

type Integer = 'uint8' | 'int8';

export interface QuantizedBuilderOptions {
  /** Whether nodes have names. */
  readonly named?: boolean;
  /** Type of activations. */
  readonly type?: Integer;
}

function integers(type: Integer, dims: readonly number[], values: readonly number[]): DenseTensor {
  return { type, dims, data: type === 'int8' ? Int8Array.from(values) : Uint8Array.from(values) };
}

/** Writes the patterns that quantizers write. A node's output is called as the node. */
export class QuantizedBuilder extends GraphBuilder {
  readonly #named: boolean;
  readonly #type: Integer;

  constructor({ named = true, type = 'uint8' }: QuantizedBuilderOptions = {}) {
    super();
    this.#named = named;
    this.#type = type;
  }

  node(op: string, name: string, inputs: readonly Value[], attributes: OpOptions['attributes'] = {}): Value {
    return this.op(op, inputs, { as: name, attributes, ...(this.#named && { name: `n_${name}` }) });
  }

  float(name: string, dims: readonly number[]): Value {
    return this.input(name, 'float32', dims);
  }

  /** Q and DQ of one scale; by default the zero point in the middle of the range. */
  qdq(x: Value, scale: number, zeroPoint = this.#type === 'int8' ? 0 : 128): Value {
    const parameters = [
      this.constant(`${x.name}_scale`, floats([], [scale])),
      this.constant(`${x.name}_zero`, integers(this.#type, [], [zeroPoint])),
    ];
    const quantized = this.node('QuantizeLinear', `${x.name}_q`, [x, ...parameters]);
    return this.node('DequantizeLinear', `${x.name}_dq`, [quantized, ...parameters]);
  }

  /** The int8 constant behind `weight`. */
  int8(name: string, dims: readonly number[]): Value {
    const values = Array.from({ length: elementCount(dims) }, (_, at) => ((at * 37) % 200) - 100);
    return this.constant(name, integers('int8', dims, values));
  }

  weight(name: string, dims: readonly number[]): Value {
    const scale = this.constant(`${name}_scale`, floats([], [0.01]));
    const zero = this.constant(`${name}_zero`, integers('int8', [], [0]));
    return this.node('DequantizeLinear', `${name}_dq`, [this.int8(name, dims), scale, zero]);
  }

  bias(name: string, length: number, scale: number): Value {
    const values = this.constant(name, { type: 'int32', dims: [length], data: new Int32Array(length).fill(50) });
    const zero = this.constant(`${name}_zero`, { type: 'int32', dims: [], data: new Int32Array(1) });
    const scales = this.constant(`${name}_scale`, floats([], [scale]));
    return this.node('DequantizeLinear', `${name}_dq`, [values, scales, zero]);
  }

  /** MatMulInteger or ConvInteger on what DynamicQuantizeLinear makes, with Cast and Mul behind it. */
  dynamic(op: 'MatMul' | 'Conv', name: string, { x, dims }: { readonly x: Value; readonly dims: readonly number[] }) {
    const [quantized, scale, zero] = this.ops('DynamicQuantizeLinear', [x], { outputs: 3, as: `${x.name}_dynamic` });
    if (quantized === undefined || scale === undefined || zero === undefined) throw new RangeError('three outputs');
    const weightZero = this.constant(`${name}_w_zero`, integers('int8', [], [0]));
    const inputs = [quantized, this.int8(`${name}_w`, dims), zero, weightZero];
    const product = this.node(`${op}Integer`, `${name}_integer`, inputs);
    const cast = this.node('Cast', `${name}_cast`, [product], { to: 1 });
    const scales = this.node('Mul', `${name}_scales`, [scale, this.constant(`${name}_w_scale`, floats([], [0.01]))]);
    return this.node('Mul', name, [cast, scales]);
  }

  /** Returns a value through one more operator, so that it is no output itself. */
  finish(x: Value, op = 'Sigmoid'): void {
    const y = op === 'Gather' ? this.op(op, [x, this.constant('i', long(0))]) : this.node(op, 'last', [x]);
    this.output(y, 'y', tensorType('float32'));
  }
}
