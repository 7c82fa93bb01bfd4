import { describe, expect, it } from 'vitest';
import type { Value } from '../../../src/onnx/value.ts';
import { apartOf, SmallNet, told } from './small-net.ts';

/** Two convolutions around something, whose channels between are 6. */
async function around(between: (net: SmallNet, x: Value) => Value, options: Parameters<SmallNet['find']>[1] = {}) {
  const net = new SmallNet();
  const hidden = net.conv('first', net.input([2, 3, 4, 4]), [6, 3, 3, 3]);
  const found = await net.find(net.conv('last', between(net, hidden), [2, 6, 1, 1]), options);
  return { found, between: found.groups.map(told).slice(1, -1) };
}

describe('elementwise operators', () => {
  it.each([
    ['a vector of channels', [6, 1, 1]],
    ['a constant of all axes', [1, 6, 1, 1]],
    ['a number', []],
    ['a picture', [4, 4]],
  ])('take %s along', async (_, shape) => {
    const { found, between } = await around((net, x) => net.op('Mul', [net.weight(shape), x]));
    expect(between).toEqual(['first channels x6 first > last']);
    expect(await apartOf(found)).toBeLessThan(1e-5);
  });

  it('give something where the input is 0', async () => {
    const { found, between } = await around((net, x) => net.op('Cos', [net.op('HardSigmoid', [net.op('Exp', [x])])]));
    expect(between).toEqual(['first channels x6 first > last']);
    expect(await apartOf(found)).toBeLessThan(1e-5);
  });

  it('tie what they join: both branches lose the same', async () => {
    const { found, between } = await around((net, x) => {
      const inner = net.conv('inner', net.op('Relu', [x]), [5, 6, 3, 3]);
      return net.op('Add', [net.conv('outer', inner, [6, 5, 1, 1]), x]);
    });
    expect(between).toEqual(['first channels x6 first,outer > inner,last', 'inner channels x5 inner > outer']);
    expect(await apartOf(found)).toBeLessThan(1e-5);
  });

  it('choose, clip, drop out and cast', async () => {
    const { found, between } = await around((net, x) => {
      const low = net.op('Clip', [x, net.number(-1), net.number(1)]);
      const cast = net.op('Cast.2', [net.op('Cast.1', [net.op('Dropout', [low])], { to: 11 })], { to: 1 });
      const chosen = net.op('Where', [net.op('Greater', [x, net.number(0)]), cast, net.weight([6, 1, 1])]);
      return net.op('PRelu', [chosen, net.weight([6, 1, 1])]);
    });
    expect(between).toEqual(['first channels x6 first > last']);
    expect(await apartOf(found)).toBeLessThan(1e-5);
  });

  it('pool and stretch pixels', async () => {
    const { found, between } = await around((net, x) => {
      const pooled = net.op('MaxPool', [x], { kernel_shape: [2, 2], strides: [2, 2] });
      const scales = net.g.constant('scales', { type: 'float32', dims: [4], data: Float32Array.of(1, 1, 2, 2) });
      const large = net.op('Resize', [pooled, null, scales], { mode: 'linear' });
      return net.op('Mul', [large, net.op('Sigmoid', [net.op('GlobalMaxPool', [x])])]);
    });
    expect(between).toEqual(['first channels x6 first > last']);
    expect(await apartOf(found)).toBeLessThan(1e-5);
  });

  it('count places through all channels where a pool tells them', async () => {
    const net = new SmallNet();
    const hidden = net.conv('first', net.input([1, 3, 4, 4]), [6, 3, 1, 1]);
    const [pooled = hidden, places = hidden] = net.g.ops('MaxPool', [hidden], {
      outputs: 2,
      name: 'pool',
      attributes: { kernel_shape: [2, 2] },
    });
    const sum = net.op('Add', [pooled, net.op('Cast', [places], { to: 1 })]);
    const found = await net.find(net.conv('last', sum, [2, 6, 1, 1]));
    expect(found.groups.map(told)[1]).toBe('first channels x6 first > last | mixes-units@pool');
  });
});

describe('norms and sums', () => {
  it('of each channel by itself take their numbers along', async () => {
    const { found, between } = await around((net, x) => {
      const variance = net.g.constant('v', { type: 'float32', dims: [6], data: new Float32Array(6).fill(2) });
      const inputs = [x, net.weight([6]), net.weight([6]), net.weight([6]), variance];
      const normalized = net.op('BatchNormalization', inputs);
      return net.op('InstanceNormalization', [normalized, net.weight([6]), net.weight([6])]);
    });
    expect(between).toEqual(['first channels x6 first > last']);
    expect(found.groups[1]?.followers.map(({ node }) => node)).toEqual(['BatchNormalization', 'InstanceNormalization']);
    expect(await apartOf(found)).toBeLessThan(1e-5);
  });

  it.each([
    ['LRN', { size: 3 }, 'normalized'],
    ['LpNormalization', { axis: 1 }, 'normalized'],
    ['Softmax', { axis: 1 }, 'mixes-units'],
    ['ReduceMean', { axes: [1, 2], keepdims: 1 }, 'reduced'],
  ] as const)('%s over channels locks them', async (op, attributes, reason) => {
    const { between } = await around((net, x) => net.op('Add', [x, net.op(op, [x], attributes)]));
    expect(between).toEqual([`first channels x6 first > last | ${reason}@${op}`]);
  });

  it.each([
    ['LpNormalization', { axis: 3 }],
    ['Softmax', { axis: -1 }],
    ['LogSoftmax', { axis: 2 }],
    ['ReduceL2', { axes: [-1], keepdims: 1 }],
    ['MeanVarianceNormalization', { axes: [0, 2, 3] }],
  ])('%s over pixels does not', async (op, attributes) => {
    const { found, between } = await around((net, x) => net.op('Add', [x, net.op(op, [x], attributes)]));
    expect(between).toEqual(['first channels x6 first > last']);
    expect(await apartOf(found)).toBeLessThan(1e-5);
  });

  it('Softmax of old models takes all axes behind as one', async () => {
    const { between } = await around((net, x) => net.op('Softmax', [x], { axis: 2 }), { opset: 11 });
    expect(between).toEqual(['first channels x6 first > last']);
    const { between: mixed } = await around((net, x) => net.op('Softmax', [x], { axis: 1 }), { opset: 11 });
    expect(mixed).toEqual(['first channels x6 first > last | mixes-units@Softmax']);
  });

  it('the largest, the running sum and the triangle lock what they run along', async () => {
    const net = new SmallNet();
    const hidden = net.linear('first', net.input([2, 4, 3]), [3, 6]);
    const running = net.op('CumSum', [hidden, net.ints(1)]);
    const found = await net.find(net.linear('last', running, [6, 2]));
    expect(found.groups.map(told)[1]).toBe('first neurons x6 first > last');
    expect(await apartOf(found)).toBeLessThan(1e-5);
    const other = new SmallNet();
    const x = other.linear('first', other.input([2, 4, 3]), [3, 6]);
    const [top = x] = other.g.ops('TopK', [x, other.ints(4)], { outputs: 2, name: 'top' });
    const locked = await other.find(other.linear('last', top, [4, 2]));
    expect(locked.groups.map(told).slice(1, 3)).toEqual([
      'first neurons x6 first >  | mixes-units@top',
      'last neurons x4  > last | mixes-units@top',
    ]);
  });
});

describe('norms over units', () => {
  const transformer = async (width: boolean, norm: (net: SmallNet, x: Value) => Value) => {
    const net = new SmallNet();
    const stream = net.linear('first', net.input([2, 4, 3]), [3, 6]);
    const inner = net.op('Relu', [net.linear('up', norm(net, stream), [6, 8])]);
    const sum = net.op('Add', [stream, net.linear('down', inner, [8, 6])]);
    return net.find(net.linear('last', sum, [6, 2]), { width });
  };
  const layerNorm = (net: SmallNet, x: Value) => net.op('LayerNormalization', [x, net.weight([6]), net.weight([6])]);
  const rootMeanSquare = (net: SmallNet, x: Value) => {
    const mean = net.op('ReduceMean', [net.op('Mul.1', [x, x])], { axes: [-1] });
    const root = net.op('Sqrt', [net.op('Add.1', [mean, net.number(0.1)])]);
    return net.op('Mul.2', [net.op('Div', [x, root]), net.weight([6])]);
  };

  it.each([
    ['LayerNormalization', layerNorm],
    ['ReduceMean', rootMeanSquare],
  ])('lock a stream unless its width is asked for: %s', async (node, norm) => {
    const locked = await transformer(false, norm);
    expect(locked.groups.map(told).slice(1, -1)).toEqual([
      `first width x6 first,down > up,last | normalized@${node}`,
      'up neurons x8 up > down',
    ]);
    expect(await apartOf(locked)).toBeLessThan(1e-5);
    const open = await transformer(true, norm);
    expect(open.groups.map(told)[1]).toBe('first width x6 first,down > up,last');
    // A norm over fewer units is another norm: only that it runs, and is smaller, can be told.
    expect(await apartOf(open)).toBeLessThan(10);
  });

  it('count the mean of a product of others as a sum', async () => {
    const net = new SmallNet();
    const x = net.linear('first', net.input([2, 4, 3]), [3, 6]);
    const mean = net.op('ReduceMean', [x], { axes: [-1] });
    const found = await net.find(net.op('Add', [net.linear('last', x, [6, 2]), mean]), { width: true });
    expect(found.groups.map(told)[1]).toBe('first neurons x6 first > last | reduced@ReduceMean');
  });
});
