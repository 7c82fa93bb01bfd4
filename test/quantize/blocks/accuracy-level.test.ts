import { expect, test } from 'vitest';
import { floats, GraphBuilder } from '../../../src/onnx/graph-builder.ts';
import { Tensor } from '../../../src/onnx/tensor.ts';
import { dequantizeBlocks } from '../../../src/quantize/blocks/dequantize-blocks.ts';
import { floatsOf } from '../../../src/quantize/blocks/floats-of.ts';
import { packBlocks } from '../../../src/quantize/blocks/pack-blocks.ts';
import { quantizeBlocks } from '../../../src/quantize/blocks/quantize-blocks.ts';
import { rewriteMatMulBlocks } from '../../../src/quantize/blocks/rewrite-matmul-blocks.ts';
import { floatsIn, gaussianWeight, outputsOf, runModel, sqnr } from './samples.ts';

const weight = gaussianWeight({ k: 300, n: 33 }, 21);
const bias = Float32Array.from({ length: 33 }, (_, i) => i / 10);

test.each([16, 32, 64, 128, 256] as const)(
  'level 4 rounds the activations to 8 bits, no more: negative scales and the bias too, in blocks of %i',
  async (blockSize) => {
    const decibels: number[] = [];
    for (const bits of [4, 8] as const) {
      for (const [symmetric, rows] of [
        [true, 1],
        [true, 7],
        [false, 1],
        [false, 7],
      ] as const) {
        const blocks = quantizeBlocks(weight, { bits, blockSize, symmetric, method: 'mse' });
        const x = gaussianWeight({ k: rows, n: 300 }, 5).data;
        const g = new GraphBuilder();
        const inputs = [
          g.input('x', 'float32', [rows, 300]),
          g.constant('w', { type: 'float32', dims: [300, 33], data: weight.data }),
          g.constant('bias', { type: 'float32', dims: [33], data: bias }),
        ];
        const y = g.op('Gemm', inputs);
        g.output(y, 'y', { kind: 'tensor', elementType: 'float32', shape: [rows, 33] });
        const model = g.model();
        if (y.producer !== null)
          rewriteMatMulBlocks(model, y.producer, { tensors: packBlocks(blocks), accuracyLevel: 4 });
        const found = await runModel(model, { x: { type: 'float32', dims: [rows, 300], data: x } });
        const products = outputsOf(x, dequantizeBlocks(blocks), weight);
        decibels.push(
          sqnr(
            products,
            floatsIn(found['y']).map((value, i) => value - (bias[i % 33] ?? 0)),
          ),
        );
      }
    }
    expect(Math.min(...decibels)).toBeGreaterThan(30);
  },
);

test('weights are read from where they are, aligned or not', () => {
  const values = Float32Array.of(1, 2, 3);
  const shifted = new Uint8Array(16);
  shifted.set(new Uint8Array(values.buffer), 1);
  const inline = (bytes: Uint8Array) => new Tensor({ type: 'float32', dims: [3], storage: { kind: 'inline', bytes } });
  expect(floatsOf(inline(shifted.subarray(1, 13)))).toEqual(values);
  expect(floatsOf(Tensor.fromDense(floats([3], [1, 2, 3])))).toEqual(values);
  expect(() =>
    floatsOf(new Tensor({ type: 'float16', dims: [0], storage: { kind: 'inline', bytes: new Uint8Array() } })),
  ).toThrow(RangeError);
});
