import { describe, expect, it } from 'vitest';
import { modelWork } from '../../src/commands/model-work.ts';
import type { Value } from '../../src/onnx/value.ts';
import { Network } from '../inspect/network.ts';

/** 64 numbers in, 64 out. */
function workOf(build: (net: Network, x: Value) => Value, dims: Readonly<Record<string, number>> = { N: 1 }) {
  const net = new Network();
  net.output(build(net, net.input('x', 'float32', ['N', 64])), 'y');
  return modelWork(net.model({ opset: 17, opsets: { 'com.microsoft': 1 } }), dims);
}

/** Through 8 bits and back, as a quantized model writes it. */
function rounded(net: Network, value: Value): Value {
  const [scale, zero] = [net.weight([]), net.weight([], 'uint8')];
  return net.op('DequantizeLinear', [net.op('QuantizeLinear', [value, scale, zero]), scale, zero]);
}

describe('the work of a run', () => {
  it('is two operations a multiply-add, and all that is read and written', () => {
    expect(workOf((net, x) => net.op('MatMul', [x, net.weight([64, 64])]))).toEqual({
      flop: 2 * 64 * 64,
      bytes: 4 * (64 + 64 * 64 + 64),
      isInt8: false,
    });
  });

  it('grows with its lengths, but for the weights', () => {
    expect(workOf((net, x) => net.op('MatMul', [x, net.weight([64, 64])]), { N: 8 })).toEqual({
      flop: 8 * 2 * 64 * 64,
      bytes: 4 * (8 * 64 + 64 * 64 + 8 * 64),
      isInt8: false,
    });
  });

  it('is not told where a length or a product is not known', () => {
    expect(workOf((net, x) => net.op('MatMul', [x, net.weight([64, 64])]), {})).toBeNull();
    expect(workOf((net, x) => net.op('Mystery', [x], { domain: 'custom' }))).toBeNull();
    expect(workOf((net, x) => net.op('Relu', [x]))).toBeNull();
  });
});

describe('8-bit integers', () => {
  const inFloat = (net: Network, x: Value) => net.op('MatMul', [x, net.weight([64, 64])]);
  const inIntegers = (net: Network, x: Value) => {
    const integers = net.op('QuantizeLinear', [x, net.weight([]), net.weight([], 'uint8')]);
    return net.op('Cast', [net.op('MatMulInteger', [integers, net.weight([64, 64], 'int8')])], {
      attributes: { to: 1 },
    });
  };
  const betweenConversions = (net: Network, x: Value) => {
    const weight = net.op('DequantizeLinear', [net.weight([64, 64], 'int8'), net.weight([])]);
    return net.op('MatMul', [rounded(net, x), weight]);
  };
  const ofWeightsAlone = (net: Network, x: Value) =>
    net.op('MatMul', [x, net.op('DequantizeLinear', [net.weight([64, 64], 'int8'), net.weight([])])]);

  it.each([
    ['an integer operator', inIntegers, true],
    ['a float operator between conversions, which the runtime fuses', betweenConversions, true],
    ['weights that are widened before they are multiplied', ofWeightsAlone, false],
    ['one layer of three', (net: Network, x: Value) => inFloat(net, inFloat(net, inIntegers(net, x))), false],
    [
      'two layers of three',
      (net: Network, x: Value) => inFloat(net, inIntegers(net, betweenConversions(net, x))),
      true,
    ],
  ])('%s', (_, build, isInt8) => {
    expect(workOf(build)?.isInt8).toBe(isInt8);
  });
});
