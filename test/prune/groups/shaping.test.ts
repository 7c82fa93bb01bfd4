import { describe, expect, it } from 'vitest';
import type { Value } from '../../../src/onnx/value.ts';
import { numbers, run, tensorOf } from '../../quantize/rewrite/run-models.ts';
import { everyOther, removed } from './group-case.ts';
import { apartOf, SmallNet, told } from './small-net.ts';

describe('reshaped values', () => {
  it.each([
    ['Flatten', (net: SmallNet, x: Value) => net.op('Flatten', [x], { axis: 1 })],
    ['Flatten by the last axes', (net: SmallNet, x: Value) => net.op('Flatten', [x], { axis: -3 })],
    ['numbers', (net: SmallNet, x: Value) => net.op('Reshape', [x, net.ints(2, 54)])],
    ['a copied length', (net: SmallNet, x: Value) => net.op('Reshape', [x, net.ints(0, 54)])],
    ['a length left open', (net: SmallNet, x: Value) => net.op('Reshape', [x, net.ints(2, -1)])],
    ['a batch left open', (net: SmallNet, x: Value) => net.op('Reshape', [x, net.ints(-1, 54)])],
    [
      'two steps',
      (net: SmallNet, x: Value) => net.op('Reshape.2', [net.op('Reshape.1', [x, net.ints(2, 6, 9)]), net.ints(2, 54)]),
    ],
    [
      'channels in the middle',
      (net: SmallNet, x: Value) =>
        net.op('Reshape', [net.op('Transpose', [x], { perm: [0, 2, 1, 3] }), net.ints(2, -1)]),
    ],
  ])('carry channels into a row: %s', async (_, flatten) => {
    const net = new SmallNet();
    const hidden = net.conv('first', net.input([2, 3, 3, 3]), [6, 3, 3, 3]);
    const found = await net.find(net.linear('last', flatten(net, hidden), [54, 4]));
    expect(found.groups.map(told)[1]).toBe('first channels x6 first > last');
    const place = found.groups[1]?.places.find(({ units }) => units.length === 54);
    expect([...(place?.units ?? [])].filter((unit) => unit === 5)).toHaveLength(9);
    expect(await apartOf(found)).toBeLessThan(1e-5);
  });

  it('made of lengths that are read while it runs', async () => {
    const net = new SmallNet();
    const hidden = net.conv('first', net.input([2, 3, 3, 3]), [6, 3, 3, 3]);
    const lengths = net.op('Cast.1', [net.op('Shape', [hidden])], { to: 6 });
    const batch = net.op('Slice.1', [lengths, net.ints(0), net.ints(1)]);
    const shape = net.op('Concat', [net.op('Cast.2', [batch], { to: 7 }), net.ints(6), net.ints(-1)], { axis: 0 });
    const rows = net.op('Reshape.1', [hidden, shape]);
    const back = net.op('Concat.2', [net.op('Gather', [net.op('Shape.2', [rows]), net.ints(0, 1)]), net.ints(3, 3)], {
      axis: 0,
    });
    const found = await net.find(net.conv('last', net.op('Reshape.2', [rows, back]), [4, 6, 1, 1]));
    expect(found.groups.map(told)[1]).toBe('first channels x6 first > last');
    expect(await apartOf(found)).toBeLessThan(1e-5);
  });

  it('stay where somebody computes with their length', async () => {
    const net = new SmallNet();
    const hidden = net.conv('first', net.input([2, 3, 3, 3]), [6, 3, 3, 3]);
    const channels = net.op('Gather', [net.op('Shape', [hidden]), net.ints(1)]);
    const half = net.op('Div', [channels, net.ints(2)]);
    const shape = net.op('Concat', [net.ints(2), half, net.ints(2, 9)], { axis: 0 });
    const back = net.op('Reshape.2', [net.op('Reshape.1', [hidden, shape]), net.ints(2, 6, 3, 3)]);
    const found = await net.find(net.conv('last', back, [4, 6, 1, 1]));
    expect(found.groups.map(told)[1]).toContain('first channels x6 first >  | computed-shape@Div');
  });

  it('stay where a length is an output', async () => {
    const net = new SmallNet();
    const hidden = net.linear('first', net.input([2, 3]), [3, 6]);
    net.g.output(net.op('Shape', [hidden]), 'lengths');
    const found = await net.find(net.linear('last', hidden, [6, 2]));
    expect(found.groups.map(told)[1]).toBe('first neurons x6 first > last | graph-output@lengths');
  });

  it('stay where the factors do not fit', async () => {
    const net = new SmallNet();
    const hidden = net.linear('first', net.input([4, 3]), [3, 6]);
    const found = await net.find(net.linear('last', net.op('Reshape', [hidden, net.ints(3, 8)]), [8, 2]));
    expect(found.groups.map(told).slice(0, 3)).toEqual([
      'first neurons x3  > first | graph-input@x',
      'first neurons x6 first >  | reshape-ambiguous@Reshape',
      'last neurons x8  > last | reshape-ambiguous@Reshape',
    ]);
  });

  it('carry the first of several factors: channels of blocks of pixels', async () => {
    const net = new SmallNet();
    const hidden = net.conv('first', net.input([1, 3, 2, 2]), [12, 3, 1, 1]);
    const blocks = net.op('Reshape.1', [hidden, net.ints(1, 3, 2, 2, 2, 2)]);
    const turned = net.op('Transpose', [blocks], { perm: [0, 1, 4, 2, 5, 3] });
    const wide = net.op('Reshape.2', [turned, net.ints(1, 3, 4, 4)]);
    const found = await net.find(net.conv('last', wide, [2, 3, 1, 1]));
    expect(found.groups.map(told)[1]).toBe('first channels x3 first > last');
    expect(await apartOf(found)).toBeLessThan(1e-5);
  });

  it('carry groups of channels through a norm that is written as one of instances', async () => {
    const net = new SmallNet();
    const hidden = net.conv('first', net.input([1, 3, 4, 4]), [8, 3, 1, 1]);
    const groups = net.op('Reshape.1', [hidden, net.ints(0, 4, -1)]);
    const normalized = net.op('InstanceNormalization', [groups, net.weight([4]), net.weight([4])]);
    const back = net.op('Reshape.2', [normalized, net.ints(0, 8, 4, 4)]);
    const found = await net.find(net.conv('last', net.op('Mul', [back, net.weight([8, 1, 1])]), [2, 8, 1, 1]));
    expect(found.groups.map(told)[1]).toBe('first channels x4 first > last');
    expect(await apartOf(found)).toBeLessThan(1e-5);
  });

  it('tie two lengths that are one number', async () => {
    const net = new SmallNet();
    const x = net.input([1, 3, 2, 2]);
    const six = net.ints(1, 6, 4);
    const flat = ['a', 'b'].map((name) => net.op(`Reshape.${name}`, [net.conv(name, x, [6, 3, 1, 1]), six]));
    const parts = flat.map((value, index) => net.op(`MatMul.${index}`, [net.weight([2, 6]), value]));
    const found = await net.find(net.op('Add', parts), { shared: true });
    expect(found.groups.map(told)[1]).toBe('a channels x6 a,b > MatMul.0,MatMul.1');
    expect(await apartOf(found)).toBeLessThan(1e-5);
  });

  it('are told by an attribute in old models', async () => {
    const net = new SmallNet();
    const hidden = net.conv('first', net.input([2, 3, 3, 3]), [6, 3, 3, 3]);
    const flat = net.op('Reshape', [hidden], { shape: [0, 54] });
    const found = await net.find(net.op('Gemm', [flat, net.weight([54, 4]), net.weight([4])]), {
      opset: 4,
      inferred: true,
    });
    expect(found.groups.map(told)[1]).toBe('first channels x6 first > Gemm');
    const small = removed(found, everyOther(found));
    const reshape = [...small.graph.nodes()].find(({ op }) => op === 'Reshape');
    expect(reshape?.ints('shape')).toEqual([0, 27]);
  });
});

describe('repeated values', () => {
  it('Expand keeps what is there', async () => {
    const net = new SmallNet();
    const hidden = net.linear('first', net.input([2, 1, 3]), [3, 6]);
    const found = await net.find(net.linear('last', net.op('Expand', [hidden, net.ints(2, 5, 6)]), [6, 2]));
    expect(found.groups.map(told)[1]).toBe('first neurons x6 first > last');
    expect(await apartOf(found)).toBeLessThan(1e-5);
  });

  it('Tile ties the copies', async () => {
    const net = new SmallNet();
    const hidden = net.linear('first', net.input([2, 3]), [3, 6]);
    const found = await net.find(net.linear('last', net.op('Tile', [hidden, net.ints(1, 2)]), [12, 2]));
    expect(found.groups.map(told)[1]).toBe('first neurons x6 first > last');
    expect(await apartOf(found)).toBeLessThan(1e-5);
  });

  it('zeros that are made to measure follow', async () => {
    const net = new SmallNet();
    const hidden = net.linear('first', net.input([2, 3]), [3, 6]);
    const zeros = net.op('ConstantOfShape.1', [net.op('Shape', [hidden])]);
    const more = net.op('Concat.1', [net.op('Gather', [net.op('Shape.2', [hidden]), net.ints(0)]), net.ints(6)], {
      axis: 0,
    });
    const sum = net.op('Add.2', [net.op('Add.1', [hidden, zeros]), net.op('ConstantOfShape.2', [more])]);
    const found = await net.find(net.linear('last', sum, [6, 2]));
    expect(found.groups.map(told)[1]).toBe('first neurons x6 first > last');
    expect(await apartOf(found)).toBeLessThan(1e-5);
  });

  it('sizes of a Resize follow', async () => {
    const net = new SmallNet();
    const hidden = net.conv('first', net.input([1, 3, 3, 3]), [6, 3, 1, 1]);
    const front = net.op('Slice', [net.op('Shape', [hidden]), net.ints(0), net.ints(2)]);
    const sizes = net.op('Concat', [front, net.ints(5, 7)], { axis: 0 });
    const large = net.op('Resize.1', [hidden, null, null, sizes], { mode: 'nearest' });
    const found = await net.find(
      net.conv('last', net.op('Resize.2', [large, null, null, net.ints(1, 6, 3, 3)]), [2, 6, 1, 1]),
    );
    expect(found.groups.map(told)[1]).toBe('first channels x6 first > last');
    expect(await apartOf(found)).toBeLessThan(1e-5);
  });

  it('other axes may be of any length when it runs again', async () => {
    const net = new SmallNet();
    const x = net.input([1, 3, 4, 4]);
    x.setType({ kind: 'tensor', elementType: 'float32', shape: ['n', 3, 4, 4] });
    const hidden = net.conv('first', x, [6, 3, 1, 1]);
    const rows = net.op('Transpose', [net.op('Reshape.1', [hidden, net.ints(0, 6, -1)])], { perm: [0, 2, 1] });
    const found = await net.find(net.linear('last', rows, [6, 2]));
    const small = removed(found, everyOther(found));
    const made = tensorOf(
      await run(small, { x: { type: 'float32', dims: [3, 3, 4, 4], data: new Float32Array(144).fill(1) } }),
      'y',
    );
    expect(made.dims).toEqual([3, 16, 2]);
    expect(numbers(made).every(Number.isFinite)).toBe(true);
  });
});

describe('numbers in shapes', () => {
  const shaped = (net: SmallNet, hidden: Value) => {
    const batch = net.op('Gather', [net.op('Shape', [hidden]), net.ints(0)]);
    return net.op('Concat', [batch, net.ints(6, -1)], { axis: 0 });
  };

  it('stay where somebody computes with them, before or afterwards', async () => {
    for (const isBefore of [true, false]) {
      const net = new SmallNet();
      const hidden = net.conv('first', net.input([2, 3, 3, 3]), [6, 3, 3, 3]);
      const shape = shaped(net, hidden);
      const total = () => net.op('Cast', [net.op('ReduceProd', [shape], { keepdims: 0 })], { to: 1 });
      const flat = () => net.op('Reshape', [hidden, shape]);
      const [first, second] = isBefore ? [total(), flat()] : [flat(), total()];
      const product = net.op('MatMul', [net.weight([2, 6]), isBefore ? second : first]);
      const found = await net.find(net.op('Add', [product, isBefore ? first : second]));
      expect(found.groups.map(told)[1]).toBe('first channels x6 first > MatMul | computed-shape@ReduceProd');
    }
  });

  it('stay where they are returned', async () => {
    const net = new SmallNet();
    const hidden = net.conv('first', net.input([2, 3, 3, 3]), [6, 3, 3, 3]);
    const shape = net.g.output(shaped(net, hidden), 'shape');
    const found = await net.find(net.op('MatMul', [net.weight([2, 6]), net.op('Reshape', [hidden, shape])]));
    expect(found.groups.map(told)[1]).toBe('first channels x6 first > MatMul | graph-output@shape');
  });

  it('are followed through cuts', async () => {
    const net = new SmallNet();
    const hidden = net.conv('first', net.input([2, 3, 3, 3]), [6, 3, 3, 3]);
    const rest = net.op('Slice', [shaped(net, hidden), net.ints(1), net.ints(3)]);
    const flat = net.op('Reshape', [hidden, net.op('Concat.2', [net.ints(2), rest], { axis: 0 })]);
    const found = await net.find(net.op('MatMul', [net.weight([2, 6]), flat]));
    expect(found.groups.map(told)[1]).toBe('first channels x6 first > MatMul');
    expect(await apartOf(found)).toBeLessThan(1e-5);
  });
});
