import { describe, expect, it } from 'vitest';
import { layerShapeOf } from '../../src/inspect/layer-kind.ts';
import type { Suitability } from '../../src/inspect/suitability.ts';
import { suitabilityOf } from '../../src/inspect/suitability.ts';
import { inferScope } from '../../src/onnx/shape/infer-types.ts';
import type { Value } from '../../src/onnx/value.ts';
import { present } from '../onnx/present.ts';
import { Network } from './network.ts';

function judge(net: Network, value: Value, irVersion = 8): Suitability {
  const model = net.model({ opset: 17, irVersion });
  const node = present(value.producer);
  return suitabilityOf(node, present(layerShapeOf(node)), { model, scope: inferScope(model) });
}

describe('quantization', () => {
  it('serves layers with constant float weights, rearranged ones too', () => {
    const net = new Network();
    const x = net.input('x', 'float32', [4, 64]);
    const ids = net.input('ids', 'int64', [4]);
    const image = net.input('image', 'float32', [1, 8, 9, 9]);
    const layers = [
      net.op('MatMul', [x, net.weight([64, 64])]),
      net.op('Gemm', [x, net.swap(net.weight([64, 64]), 1, 0)]),
      net.op('MatMul', [x, net.op('Cast', [net.weight([64, 64], 'float16')], { attributes: { to: 1 } })]),
      net.op('Gather', [net.weight([100, 64]), ids]),
      net.conv(image, [32, 8, 3]),
    ];
    expect(layers.map((layer) => judge(net, layer).quantization)).toEqual([null, null, null, null, null]);
    expect(judge(net, present(layers[0])).weight).toEqual({ elements: 4096, bytes: 16_384 });
  });

  it('does not serve others, and says why', () => {
    const net = new Network();
    const x = net.input('x', 'float32', [4, 64]);
    const image = net.input('image', 'float32', [1, 64, 9, 9]);
    const integers = net.op('DequantizeLinear', [net.weight([64, 64], 'int8'), net.weight([])]);
    const branch = net.subgraph('branch');
    const inside = branch.output(branch.op('Conv', [image, net.weight([64, 64, 3, 3])]));
    const sequence = net.input('sequence', 'float32', [5, 1, 64]);
    net.op('Loop', [net.input('trips', 'int64', []), net.input('c', 'bool', [])], {
      attributes: { body: branch.graph },
    });
    const judged = Object.entries({
      'weight-not-constant': net.op('MatMul', [x, net.swap(x, 1, 0)]),
      'already-quantized': net.op('MatMul', [x, integers]),
      'weight-type': net.op('MatMul', [x, net.weight([64, 64], 'float64')]),
      'too-small': net.op('MatMul', [x, net.weight([64, 8])]),
      depthwise: net.conv(image, [64, 64, 5], { group: 64 }),
      'no-integer-kernel': net.op('LSTM', [sequence, net.weight([1, 256, 64]), net.weight([1, 256, 64])]),
      'in-control-flow': inside,
      'no-weight': net.op('Einsum', [x, x], { attributes: { equation: 'ij,kj->ik' } }),
    });
    expect(judged.map(([, value]) => judge(net, value).quantization)).toEqual(judged.map(([reason]) => reason));
  });

  it('trusts initializers that are inputs only before IR version 4', () => {
    const net = new Network();
    const weight = net.weight([64, 64]);
    const y = net.op('MatMul', [net.input('x', 'float32', [4, 64]), weight]);
    net.graph.exposeInitializer(weight);
    expect(judge(net, y, 3).quantization).toBeNull();
    expect(judge(net, y, 8).quantization).toBe('weight-not-constant');
  });
});

describe('a first estimate of pruning', () => {
  it('follows channels through operators that treat each by itself', () => {
    const net = new Network();
    const first = net.conv(net.input('x', 'float32', [1, 3, 9, 9]), [16, 3, 3]);
    const scale = Array.from({ length: 4 }, () => net.weight([16]));
    const normed = net.op('Relu', [net.op('BatchNormalization', [first, ...scale])]);
    const second = net.conv(net.op('MaxPool', [normed], { attributes: { kernel_shape: [2, 2] } }), [8, 16, 1]);
    net.output(second, 'y');
    expect(judge(net, first).pruning).toBeNull();
    expect(judge(net, second).pruning).toBe('graph-output');
  });

  it('follows a bias, and stops where two layers meet', () => {
    const net = new Network();
    const x = net.input('x', 'float32', [4, 64]);
    const alone = net.op('MatMul', [x, net.weight([64, 64])]);
    const biased = net.op('Add', [net.weight([64]), alone]);
    const next = net.op('MatMul', [net.op('Relu', [biased]), net.weight([64, 64])]);
    const tied = net.op('Add', [next, x]);
    const grouped = net.conv(net.input('image', 'float32', [1, 8, 9, 9]), [8, 8, 1]);
    net.conv(grouped, [8, 8, 3], { group: 8 });
    const flattened = net.conv(grouped, [8, 8, 1]);
    net.op('Flatten', [flattened]);
    net.output(tied, 'y');
    expect([alone, next, grouped, flattened].map((value) => judge(net, value).pruning)).toEqual([
      null,
      'tied-to-others',
      'grouped',
      'feeds-other-operator',
    ]);
  });

  it('has nothing to take from embeddings and computed weights', () => {
    const net = new Network();
    const x = net.input('x', 'float32', [64, 64]);
    const rows = net.op('Gather', [net.weight([100, 64]), net.input('ids', 'int64', [4])]);
    expect(judge(net, rows).pruning).toBe('no-channels');
    expect(judge(net, net.op('MatMul', [x, x])).pruning).toBe('weight-not-constant');
  });
});
