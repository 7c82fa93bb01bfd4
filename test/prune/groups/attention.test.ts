import { describe, expect, it } from 'vitest';
import type { Value } from '../../../src/onnx/value.ts';
import { apartOf, SmallNet, told } from './small-net.ts';

const [batch, length, width] = [2, 5, 12];

interface Heads {
  readonly count: number;
  readonly size: number;
}

function parted(net: SmallNet, [name, value]: readonly [string, Value], { count, size }: Heads): Value {
  const apart = net.op(`Reshape.${name}`, [value, net.ints(0, 0, count, size)]);
  return net.op(`Transpose.${name}`, [apart], { perm: [0, 2, 1, 3] });
}

function attend(net: SmallNet, [q, k, v]: readonly [Value, Value, Value], { count, size }: Heads): Value {
  const scores = net.op('MatMul.scores', [q, net.op('Transpose.keys', [k], { perm: [0, 1, 3, 2] })]);
  const scaled = net.op('Add.mask', [net.op('Div.scale', [scores, net.number(2)]), net.weight([1, count, 1, length])]);
  const mixed = net.op('MatMul.mixed', [net.op('Softmax', [scaled], { axis: -1 }), v]);
  const turned = net.op('Transpose.back', [mixed], { perm: [0, 2, 1, 3] });
  return net.op('Reshape.back', [turned, net.ints(0, 0, count * size)]);
}

describe('attention as exported', () => {
  const heads = { count: 3, size: 4 };

  it('loses whole heads', async () => {
    const net = new SmallNet();
    const x = net.input([batch, length, width]);
    const of = (name: string) => parted(net, [name, net.linear(name, x, [width, 12])], heads);
    const mixed = attend(net, [of('q'), of('k'), of('v')], heads);
    const found = await net.find(net.linear('out', mixed, [12, width]));
    expect(found.groups.map(told)).toEqual([
      'q neurons x12  > q,k,v | graph-input@x',
      'q heads x3 q,k,v > out',
      `out neurons x${width} out >  | graph-output@y`,
    ]);
    expect(found.groups[1]?.places.some(({ units }) => units.join() === '0,0,0,0,1,1,1,1,2,2,2,2')).toBe(true);
    expect(await apartOf(found)).toBeLessThan(1e-5);
  });

  it.each(['Split', 'Slice', 'Gather'])('made at once and taken apart by %s', async (how) => {
    const net = new SmallNet();
    const fused = net.linear('qkv', net.input([batch, length, width]), [width, 36]);
    const mixed = attend(net, takenApart(net, fused, how), heads);
    const found = await net.find(net.linear('out', mixed, [12, width]));
    expect(found.groups.map(told)[1]).toBe('qkv heads x3 qkv > out');
    expect(await apartOf(found)).toBeLessThan(1e-5);
  });

  const takenApart = (net: SmallNet, fused: Value, how: string): readonly [Value, Value, Value] => {
    if (how === 'Split') {
      const parts = net.g.ops('Split', [fused], { outputs: 3, name: 'split', attributes: { axis: 2 } });
      const [q = fused, k = fused, v = fused] = parts;
      return [parted(net, ['q', q], heads), parted(net, ['k', k], heads), parted(net, ['v', v], heads)];
    }
    if (how === 'Slice') {
      const part = (index: number) =>
        net.op(`Slice.${index}`, [fused, ...[[12 * index], [12 * index + 12], [2]].map((list) => net.ints(...list))]);
      return [
        parted(net, ['q', part(0)], heads),
        parted(net, ['k', part(1)], heads),
        parted(net, ['v', part(2)], heads),
      ];
    }
    const apart = net.op('Reshape.apart', [fused, net.ints(batch, length, 3, 3, 4)]);
    const turned = net.op('Transpose.apart', [apart], { perm: [2, 0, 3, 1, 4] });
    const part = (index: number) =>
      net.op(`Gather.${index}`, [
        turned,
        net.g.constant('i', { type: 'int64', dims: [], data: BigInt64Array.of(BigInt(index)) }),
      ]);
    return [part(0), part(1), part(2)];
  };

  it.each(['Expand', 'Tile'])('queries that share keys and values, by %s, go with these', async (how) => {
    const net = new SmallNet();
    const x = net.input([batch, length, width]);
    const shared = { count: 3, size: 2 };
    const of = (name: string) => {
      const own = parted(net, [name, net.linear(name, x, [width, 6])], shared);
      const wide = net.op(`Unsqueeze.${name}`, [own, net.ints(2)]);
      const shape = how === 'Expand' ? [batch, 3, 2, length, 2] : [1, 1, 2, 1, 1];
      return net.op(`Reshape.wide.${name}`, [
        net.op(`${how}.${name}`, [wide, net.ints(...shape)]),
        net.ints(batch, 6, length, 2),
      ]);
    };
    const all = { count: 6, size: 2 };
    const mixed = attend(net, [parted(net, ['q', net.linear('q', x, [width, 12])], all), of('k'), of('v')], all);
    const found = await net.find(net.linear('out', mixed, [12, width]));
    expect(found.groups.map(told)[1]).toBe('q heads x3 q,k,v > out');
    expect(found.groups[1]?.places.some(({ units }) => units.join() === '0,0,1,1,2,2')).toBe(true);
    expect(await apartOf(found)).toBeLessThan(1e-5);
  });

  it('caches that callers feed keep their heads', async () => {
    const net = new SmallNet();
    const x = net.input([batch, length, width]);
    const of = (name: string) => parted(net, [name, net.linear(name, x, [width, 12])], heads);
    const cached = (name: string) => {
      const joined = net.op(`Concat.${name}`, [net.input([batch, 3, 0, 4], `past.${name}`), of(name)], { axis: 2 });
      return net.g.output(joined, `present.${name}`);
    };
    const mixed = attend(net, [of('q'), cached('k'), cached('v')], heads);
    const found = await net.find(net.linear('out', mixed, [12, width]));
    expect(found.groups.map(told).slice(1, -1)).toEqual([
      'q neurons x12 q >  | graph-input@past.k | graph-output@present.k',
      'k neurons x12 k >  | graph-input@past.k | graph-output@present.k',
      'v neurons x12 v >  | graph-input@past.k | graph-output@present.k',
      'out neurons x12  > out | graph-input@past.k | graph-output@present.k',
    ]);
  });

  it('values that are cached without their keys lose the same of every head', async () => {
    const net = new SmallNet();
    const x = net.input([batch, length, width]);
    const of = (name: string) => parted(net, [name, net.linear(name, x, [width, 12])], heads);
    const keys = net.g.output(net.op('Concat', [net.input([batch, 3, 0, 4], 'past'), of('k')], { axis: 2 }), 'present');
    const found = await net.find(net.linear('out', attend(net, [of('q'), keys, of('v')], heads), [12, width]));
    expect(found.groups.map(told)).toContain('v neurons x4 v > out');
    expect(await apartOf(found)).toBeLessThan(1e-5);
  });
});

describe("onnxruntime's attention", () => {
  const opsets = { 'com.microsoft': 1 };
  const op = (
    net: SmallNet,
    [name, attributes]: readonly [string, Record<string, number | number[]>],
    inputs: readonly (Value | null)[],
  ) => net.g.op(name, inputs, { name, domain: 'com.microsoft', attributes });

  it('MultiHeadAttention counts fewer heads', async () => {
    const net = new SmallNet();
    const x = net.input([batch, length, width]);
    const parts = ['q', 'k', 'v'].map((name) => net.linear(name, x, [width, name === 'v' ? 9 : 12]));
    const inputs = [...parts, net.weight([33]), null, net.weight([1, 3, length, length])];
    const found = await net.find(net.linear('out', op(net, ['MultiHeadAttention', { num_heads: 3 }], inputs), [9, 4]), {
      opsets,
    });
    expect(found.groups.map(told)[1]).toBe('q heads x3 q,k,v > out');
    expect(await apartOf(found)).toBeLessThan(1e-5);
  });

  it.each([{}, { qkv_hidden_sizes: [12, 12, 12] }])('Attention holds the weights itself, %o', async (sizes) => {
    const net = new SmallNet();
    const first = net.linear('first', net.input([batch, length, 3]), [3, width]);
    const made = op(net, ['Attention', { num_heads: 3, ...sizes }], [first, net.weight([width, 36]), net.weight([36])]);
    const found = await net.find(net.linear('out', made, [12, 4]), { opsets });
    expect(found.groups.map(told).slice(1, 3)).toEqual([
      `first neurons x${width} first > Attention`,
      'Attention heads x3 Attention > out',
    ]);
    expect(await apartOf(found)).toBeLessThan(1e-5);
  });

  it('GroupQueryAttention loses keys and values with all their queries', async () => {
    const net = new SmallNet();
    const x = net.input([1, length, width]);
    const parts = [net.linear('q', x, [width, 48]), net.linear('k', x, [width, 24]), net.linear('v', x, [width, 24])];
    const [last, total] = [[1], []].map((dims, index) =>
      net.g.constant('count', { type: 'int32', dims, data: Int32Array.of(length - 1 + index) }),
    );
    const empty = [0, 1].map(() =>
      net.g.constant('past', { type: 'float32', dims: [1, 3, 0, 8], data: new Float32Array(0) }),
    );
    const [made = x] = net.g.ops('GroupQueryAttention', [...parts, ...empty, last ?? null, total ?? null], {
      outputs: 3,
      name: 'gqa',
      domain: 'com.microsoft',
      attributes: { num_heads: 6, kv_num_heads: 3 },
    });
    const found = await net.find(net.linear('out', made, [48, 4]), { opsets });
    expect(found.groups.map(told)[1]).toBe('q heads x3 q,k,v > out');
    expect(await apartOf(found)).toBeLessThan(1e-5);
  });

  it('norms with a skip are norms', async () => {
    const net = new SmallNet();
    const [a, b] = ['a', 'b'].map((name) => net.linear(name, net.input([1, length, 3], name), [3, width]));
    const inputs = [a ?? null, b ?? null, net.weight([width]), net.weight([width])];
    const made = op(net, ['SkipLayerNormalization', {}], inputs);
    const found = await net.find(net.linear('out', made, [width, 4]), { opsets });
    expect(found.groups.map(told)[1]).toBe(`a width x${width} a,b > out | normalized@SkipLayerNormalization`);
  });

  it('activations pass', async () => {
    const net = new SmallNet();
    const hidden = net.linear('first', net.input([2, 3]), [3, 6]);
    const active = ['Gelu', 'QuickGelu', 'FastGelu', 'BiasGelu'].reduce<Value>(
      (x, name) => op(net, [name, {}], name === 'BiasGelu' ? [x, net.weight([6])] : [x]),
      hidden,
    );
    const found = await net.find(op(net, ['FusedMatMul', { transB: 1 }], [active, net.weight([4, 6])]), { opsets });
    expect(found.groups.map(told)[1]).toBe('first neurons x6 first > FusedMatMul');
    expect(await apartOf(found)).toBeLessThan(1e-5);
  });
});

describe('the standard Attention', () => {
  it('of three axes counts heads by attributes', async () => {
    const net = new SmallNet();
    const x = net.input([batch, length, width]);
    const parts = [net.linear('q', x, [width, 24]), net.linear('k', x, [width, 12]), net.linear('v', x, [width, 12])];
    const made = net.op('Attention', parts, { q_num_heads: 6, kv_num_heads: 3 });
    const found = await net.find(net.linear('out', made, [24, 4]), { opset: 23 });
    expect(found.groups.map(told)[1]).toBe('q heads x3 q,k,v > out');
    expect(await apartOf(found)).toBeLessThan(1e-5);
  });

  it('of four axes has an axis for them', async () => {
    const net = new SmallNet();
    const x = net.input([batch, length, width]);
    const heads = { count: 3, size: 4 };
    const parts = ['q', 'k', 'v'].map((name) => parted(net, [name, net.linear(name, x, [width, 12])], heads));
    const made = net.op('Attention', [...parts, net.weight([1, 3, length, length])]);
    const turned = net.op('Transpose.back', [made], { perm: [0, 2, 1, 3] });
    const found = await net.find(net.linear('out', net.op('Reshape.back', [turned, net.ints(0, 0, 12)]), [12, 4]), {
      opset: 23,
    });
    expect(found.groups.map(told)[1]).toBe('q heads x3 q,k,v > out');
    expect(await apartOf(found)).toBeLessThan(1e-5);
  });
});
