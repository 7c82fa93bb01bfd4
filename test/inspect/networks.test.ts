import { describe, expect, it } from 'vitest';
import { inspectModel } from '../../src/inspect/inspect-model.ts';
import type { Inspection } from '../../src/inspect/inspect-result.ts';
import { present } from '../onnx/present.ts';
import { Network } from './network.ts';

function inspect(net: Network, dims: Readonly<Record<string, number>> = {}): Inspection {
  return inspectModel(net.model({ opset: 21, opsets: { 'com.microsoft': 1 } }), { dims });
}

describe('MACs by hand', () => {
  it('of a small ResNet', () => {
    const net = new Network();
    // A stem of stride 2, a block of equal width, a block that halves the image and doubles the channels, a classifier.
    let x = net.conv(net.input('image', 'float32', [2, 3, 32, 32]), [16, 3, 7], { stride: 2 });
    x = net.op('MaxPool', [x], { attributes: { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] } });
    const first = net.conv(net.op('Relu', [net.conv(x, [16, 16, 3])]), [16, 16, 3]);
    x = net.op('Relu', [net.op('Add', [first, x])]);
    const second = net.conv(net.op('Relu', [net.conv(x, [32, 16, 3], { stride: 2 })]), [32, 32, 3]);
    x = net.op('Relu', [net.op('Add', [second, net.conv(x, [32, 16, 1], { stride: 2 })])]);
    const pooled = net.op('Flatten', [net.op('GlobalAveragePool', [x])]);
    net.output(net.op('Gemm', [pooled, net.weight([10, 32]), net.weight([10])], { attributes: { transB: 1 } }), 'y');

    const stem = 16 * 16 * 16 * (3 * 7 * 7);
    const equal = 2 * (16 * 8 * 8 * (16 * 3 * 3));
    const halving = 32 * 4 * 4 * (16 * 3 * 3) + 32 * 4 * 4 * (32 * 3 * 3);
    const shortcut = 32 * 4 * 4 * 16;
    const classifier = 32 * 10;
    const { macs, parameters } = inspect(net);
    expect(macs.total).toBe(2 * (stem + equal + halving + shortcut + classifier));
    expect(macs.unknown).toEqual({ shape: 0, tripCount: 0, operator: 0 });
    const weights = 16 * 147 + 2 * (16 * 144) + 32 * 144 + 32 * 288 + 32 * 16 + 320;
    expect(parameters.count).toBe(weights + (16 + 16 + 16 + 32 + 32 + 32 + 10));
  });

  it('of an inverted bottleneck with squeeze and excitation, as in MobileNet', () => {
    const net = new Network();
    const x = net.input('x', 'float32', ['batch', 24, 28, 28]);
    const wide = net.op('HardSwish', [net.conv(x, [96, 24, 1])]);
    const deep = net.op('HardSwish', [net.conv(wide, [96, 96, 5], { stride: 2, group: 96 })]);
    const squeezed = net.op('Relu', [net.conv(net.op('GlobalAveragePool', [deep]), [24, 96, 1])]);
    const gates = net.op('HardSigmoid', [net.conv(squeezed, [96, 24, 1])]);
    net.output(net.conv(net.op('Mul', [deep, gates]), [40, 96, 1]), 'y');

    const expansion = 96 * 28 * 28 * 24;
    const depthwise = 96 * 14 * 14 * (5 * 5);
    const excitation = 24 * 96 + 96 * 24;
    const projection = 40 * 14 * 14 * 96;
    const { macs, layers } = inspect(net, { batch: 4 });
    expect(macs.total).toBe(4 * (expansion + depthwise + excitation + projection));
    expect(layers.quantizable.obstacles).toEqual([{ code: 'depthwise', layers: 1, weightBytes: 96 * 5 * 5 * 4 }]);
  });

  it('of a transformer layer', () => {
    const [batch, length, width, heads, inner] = [2, 12, 64, 4, 256];
    const net = new Network();
    const x = net.input('x', 'float32', [batch, length, width]);
    const split = (value: typeof x) => net.shape(net.linear(value, width, width), batch, length, heads, width / heads);
    const normed = net.op('LayerNormalization', [x, net.weight([width]), net.weight([width])]);
    const queries = net.swap(split(normed), 0, 2, 1, 3);
    const keys = net.swap(split(normed), 0, 2, 3, 1);
    const values = net.swap(split(normed), 0, 2, 1, 3);
    const weights = net.op('Softmax', [net.op('MatMul', [queries, keys])]);
    const mixed = net.shape(net.swap(net.op('MatMul', [weights, values]), 0, 2, 1, 3), batch, length, width);
    const attended = net.op('Add', [x, net.linear(mixed, width, width)]);
    const again = net.op('LayerNormalization', [attended, net.weight([width]), net.weight([width])]);
    const hidden = net.op('Gelu', [net.linear(again, width, inner)]);
    net.output(net.op('Add', [attended, net.linear(hidden, inner, width)]), 'y');

    const projections = 4 * length * width * width;
    const attention = 2 * heads * length * length * (width / heads);
    const feedForward = 2 * length * width * inner;
    expect(inspect(net).macs.total).toBe(batch * (projections + attention + feedForward));
  });

  it.each(['written out', 'standard', 'contrib'] as const)('of a decoder layer with grouped queries, %s', (form) => {
    const [batch, length, past, width, heads, kvHeads, size, inner] = [2, 3, 13, 64, 8, 2, 8, 96];
    const total = past + length;
    const projections =
      length * width * (heads * size) + 2 * length * width * (kvHeads * size) + length * heads * size * width;
    const attention = 2 * heads * length * total * size;
    const gated = 3 * length * width * inner;
    const expected = batch * (projections + attention + gated);

    const net = new Network();
    const x = net.input('x', 'float32', ['batch', 'length', width]);
    const cache = (name: string) => net.input(name, 'float32', ['batch', kvHeads, 'past', size]);
    const project = (count: number) => net.op('MatMul', [x, net.weight([width, count * size])]);
    const tensors = { q: project(heads), k: project(kvHeads), v: project(kvHeads) };
    const caches = { pastKey: cache('key'), pastValue: cache('value') };
    const mixed = attend({ net, ...tensors, ...caches }, form, { heads, kvHeads, size });
    const out = net.op('Add', [x, net.op('MatMul', [mixed, net.weight([heads * size, width])])]);
    const gate = net.op('Sigmoid', [net.op('MatMul', [out, net.weight([width, inner])])]);
    const up = net.op('MatMul', [out, net.weight([width, inner])]);
    net.output(net.op('MatMul', [net.op('Mul', [gate, up]), net.weight([inner, width])]), 'y');
    const model = net.model({ opset: form === 'standard' ? 23 : 21, opsets: { 'com.microsoft': 1 } });
    const { macs } = inspectModel(model, { dims: { batch, length, past } });
    expect(macs.total).toBe(expected);
    expect(macs.unknown).toEqual({ shape: 0, tripCount: 0, operator: 0 });
  });
});

interface Attention {
  readonly net: Network;
  readonly q: ReturnType<Network['weight']>;
  readonly k: ReturnType<Network['weight']>;
  readonly v: ReturnType<Network['weight']>;
  readonly pastKey: ReturnType<Network['weight']>;
  readonly pastValue: ReturnType<Network['weight']>;
}

function attend(
  { net, q, k, v, pastKey, pastValue }: Attention,
  form: 'written out' | 'standard' | 'contrib',
  { heads, kvHeads, size }: { readonly heads: number; readonly kvHeads: number; readonly size: number },
) {
  if (form === 'standard') {
    const attributes = { q_num_heads: heads, kv_num_heads: kvHeads };
    return present(net.ops('Attention', [q, k, v, null, pastKey, pastValue], { attributes, outputs: 3 })[0]);
  }
  if (form === 'contrib') {
    const lengths = [net.input('seqlens', 'int32', ['batch']), net.input('total', 'int32', [])];
    const attributes = { num_heads: heads, kv_num_heads: kvHeads };
    const inputs = [q, k, v, pastKey, pastValue, ...lengths];
    return present(net.ops('GroupQueryAttention', inputs, { attributes, outputs: 3, domain: 'com.microsoft' })[0]);
  }
  const join = (before: typeof q, now: typeof q) =>
    net.op('Concat', [before, net.swap(net.shape(now, 0, 0, kvHeads, size), 0, 2, 1, 3)], { attributes: { axis: 2 } });
  // Each key and value head serves several query heads.
  const shared = (cache: typeof q) => {
    const groups = net.op('Unsqueeze', [cache, net.constant('two', int64(2))]);
    const expanded = net.op('Tile', [groups, net.constant('times', int64(1, 1, heads / kvHeads, 1, 1))]);
    return net.shape(expanded, 0, heads, -1, size);
  };
  const queries = net.swap(net.shape(q, 0, 0, heads, size), 0, 2, 1, 3);
  const scores = net.op('MatMul', [queries, net.swap(shared(join(pastKey, k)), 0, 1, 3, 2)]);
  const mixed = net.op('MatMul', [net.op('Softmax', [scores]), shared(join(pastValue, v))]);
  return net.shape(net.swap(mixed, 0, 2, 1, 3), 0, 0, heads * size);
}

function int64(...values: readonly number[]) {
  return { type: 'int64', dims: [values.length], data: BigInt64Array.from(values, BigInt) } as const;
}
