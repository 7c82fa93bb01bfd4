import type { NumericType } from '../../src/onnx/data-type.ts';
import { GraphBuilder } from '../../src/onnx/graph-builder.ts';
import { Tensor } from '../../src/onnx/tensor.ts';
import type { Value } from '../../src/onnx/value.ts';

/** Builds networks out of layers whose weights are all zero: only their shapes matter here. */
export class Network extends GraphBuilder {
  weight(dims: readonly number[], type: NumericType = 'float32'): Value {
    const produce = (): Iterable<Uint8Array> => [];
    return this.constant('w', new Tensor({ type, dims, storage: { kind: 'derived', produce } }));
  }

  conv(x: Value, weight: readonly [number, number, number], options: ConvOptions = {}): Value {
    const [outputs, inputs, kernel] = weight;
    const { stride = 1, group = 1 } = options;
    const pad = (kernel - 1) / 2;
    const attributes = { strides: [stride, stride], pads: [pad, pad, pad, pad], group };
    const bias = this.weight([outputs]);
    return this.op('Conv', [x, this.weight([outputs, inputs / group, kernel, kernel]), bias], { attributes });
  }

  linear(x: Value, inputs: number, outputs: number): Value {
    const product = this.op('MatMul', [x, this.weight([inputs, outputs])]);
    return this.op('Add', [product, this.weight([outputs])]);
  }

  shape(x: Value, ...dims: readonly number[]): Value {
    const data = BigInt64Array.from(dims, BigInt);
    return this.op('Reshape', [x, this.constant('shape', { type: 'int64', dims: [dims.length], data })]);
  }

  swap(x: Value, ...perm: readonly number[]): Value {
    return this.op('Transpose', [x], { attributes: { perm } });
  }
}

interface ConvOptions {
  readonly stride?: number;
  readonly group?: number;
}
