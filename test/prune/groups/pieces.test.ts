import { describe, expect, it } from 'vitest';
import { run } from '../../quantize/rewrite/run-models.ts';
import { openGroups, removed } from './group-case.ts';
import { apartOf, SmallNet, told } from './small-net.ts';

describe('pieces of an axis', () => {
  it('Concat ties each part to its stretch', async () => {
    const net = new SmallNet();
    const x = net.input([1, 3, 4, 4]);
    const parts = [net.conv('a', x, [4, 3, 1, 1]), net.conv('b', x, [1, 3, 1, 1]), net.conv('c', x, [6, 3, 3, 3])];
    const found = await net.find(net.conv('last', net.op('Concat', parts, { axis: -3 }), [2, 11, 1, 1]));
    expect(found.groups.map(told).slice(1, -1)).toEqual([
      'a channels x4 a > last',
      'c channels x6 c > last',
      // The only channel of its layer.
      'last channels x1  > last | not-a-channel@Concat',
    ]);
    expect(await apartOf(found)).toBeLessThan(1e-5);
  });

  it('a dense block ties a layer to every sum over it', async () => {
    const net = new SmallNet();
    const first = net.conv('a', net.input([1, 3, 4, 4]), [4, 3, 1, 1]);
    const second = net.conv('b', first, [6, 4, 1, 1]);
    const joined = net.op('Concat.1', [first, second], { axis: 1 });
    const third = net.conv('c', joined, [5, 10, 1, 1]);
    const found = await net.find(net.conv('last', net.op('Concat.2', [joined, third], { axis: 1 }), [2, 15, 1, 1]));
    expect(found.groups.map(told).slice(1, -1)).toEqual([
      'a channels x4 a > b,c,last',
      'b channels x6 b > c,last',
      'c channels x5 c > last',
    ]);
    expect(await apartOf(found)).toBeLessThan(1e-5);
  });

  it.each([
    [13, 'sizes'],
    [13, 'equal'],
    [18, 'num_outputs'],
    [11, 'attribute'],
    [11, 'equal'],
  ])('Split of opset %i with %s', async (opset, how) => {
    const net = new SmallNet();
    const hidden = net.conv('first', net.input([1, 3, 4, 4]), [8, 3, 1, 1]);
    const sizes = how === 'sizes' ? [net.ints(3, 5)] : [];
    const attributes = {
      axis: 1,
      ...(how === 'attribute' && { split: [3, 5] }),
      ...(how === 'num_outputs' && { num_outputs: 2 }),
    };
    const [a = hidden, b = hidden] = net.g.ops('Split', [hidden, ...sizes], { outputs: 2, name: 'split', attributes });
    const count = how === 'sizes' || how === 'attribute' ? 3 : 4;
    const sum = net.op('Add', [
      net.conv('a', a, [2, count, 1, 1]),
      net.conv('b', net.op('Relu', [b]), [2, 8 - count, 1, 1]),
    ]);
    const found = await net.find(sum, { opset });
    expect(found.groups.map(told).slice(1, -1)).toEqual([
      `first channels x${count} first > a`,
      `first channels x${8 - count} first > b`,
    ]);
    expect(await apartOf(found)).toBeLessThan(1e-5);
    // One piece alone: the sizes are equal no more.
    const [, second] = openGroups(found);
    const small = removed(found, new Map([[second?.id ?? -1, [0, 2]]]));
    await expect(run(small, found.feeds)).resolves.toBeDefined();
  });

  it('Split that gates ties its halves', async () => {
    const net = new SmallNet();
    const hidden = net.linear('first', net.input([2, 3]), [3, 8]);
    const [gate = hidden, up = hidden] = net.g.ops('Split', [hidden], {
      outputs: 2,
      name: 'split',
      attributes: { axis: -1 },
    });
    const found = await net.find(net.linear('last', net.op('Mul', [net.op('Sigmoid', [gate]), up]), [4, 2]));
    expect(found.groups.map(told)[1]).toBe('first neurons x4 first > last');
    expect(await apartOf(found)).toBeLessThan(1e-5);
  });

  it.each([
    [13, [2], [6], 4],
    [13, [-3], [1000], 3],
    [13, [0], [-2], 6],
    [9, [2], [6], 4],
  ])('Slice of opset %i from %s to %s', async (opset, starts, ends, count) => {
    const net = new SmallNet();
    const hidden = net.conv('first', net.input([1, 3, 4, 4]), [8, 3, 1, 1]);
    const bounds = opset < 10 ? [] : [starts, ends, [1]].map((list) => net.ints(...list));
    const attributes = opset < 10 ? { starts, ends, axes: [1] } : {};
    const sliced = net.op('Slice', [hidden, ...bounds], attributes);
    const sum = net.op('Add', [net.conv('a', sliced, [2, count, 1, 1]), net.conv('b', hidden, [2, 8, 1, 1])]);
    const found = await net.find(sum, { opset });
    const open = found.groups.filter(({ locks }) => locks.length === 0).map(told);
    expect(open.toSorted()).toEqual(
      [`first channels x${8 - count} first > b`, `first channels x${count} first > a,b`].toSorted(),
    );
    expect(await apartOf(found)).toBeLessThan(1e-5);
  });

  it('Slice with steps locks its axis, and no other', async () => {
    const net = new SmallNet();
    const hidden = net.linear('first', net.input([2, 6, 3]), [3, 8]);
    const every = [[0], [6], [1], [2]].map((list) => net.ints(...list));
    const found = await net.find(net.linear('last', net.op('Slice', [hidden, ...every]), [8, 2]));
    expect(found.groups.map(told)[1]).toBe('first neurons x8 first > last');
    expect(await apartOf(found)).toBeLessThan(1e-5);
    const other = new SmallNet();
    const x = other.linear('first', other.input([2, 3]), [3, 8]);
    const stepped = [[0], [8], [1], [2]].map((list) => other.ints(...list));
    const locked = await other.find(other.linear('last', other.op('Slice', [x, ...stepped]), [4, 2]));
    expect(locked.groups.map(told)[1]).toBe('first neurons x8 first >  | not-a-channel@Slice');
  });

  it('Gather of constant indices picks, repeats and reorders', async () => {
    const net = new SmallNet();
    const hidden = net.conv('first', net.input([1, 3, 4, 4]), [6, 3, 1, 1]);
    const picked = net.op('Gather', [hidden, net.ints(5, 0, 0, -2, 3)], { axis: 1 });
    const sum = net.op('Add', [net.conv('a', picked, [2, 5, 1, 1]), net.conv('b', hidden, [2, 6, 1, 1])]);
    const found = await net.find(sum);
    expect(found.groups.map(told).slice(1, -1)).toEqual([
      'first channels x4 first > a,b',
      'first channels x2 first > b',
    ]);
    expect(await apartOf(found)).toBeLessThan(1e-5);
  });

  it('Gather of one index keeps that one', async () => {
    const net = new SmallNet();
    const hidden = net.linear('first', net.input([2, 4, 3]), [3, 6]);
    const index = net.g.constant('index', { type: 'int64', dims: [], data: BigInt64Array.of(4n) });
    const one = net.op('Unsqueeze', [net.op('Gather', [hidden, index], { axis: 2 }), net.ints(2)]);
    const found = await net.find(net.op('Add', [net.linear('last', hidden, [6, 2]), one]));
    expect(found.groups.map(told).slice(1, 3)).toEqual([
      'first neurons x5 first > last',
      'first neurons x1 first > last | not-a-channel@Gather',
    ]);
    expect(await apartOf(found)).toBeLessThan(1e-5);
  });

  it.each([11, 18])('Pad of opset %i adds channels that stay', async (opset) => {
    const net = new SmallNet();
    const hidden = net.conv('first', net.input([1, 3, 4, 4]), [6, 3, 1, 1]);
    const amounts = opset < 18 ? [net.ints(0, 1, 0, 0, 0, 2, 0, 0)] : [net.ints(1, 2), net.number(0.5), net.ints(1)];
    const found = await net.find(net.conv('last', net.op('Pad', [hidden, ...amounts]), [2, 9, 1, 1]), { opset });
    expect(found.groups.map(told)[1]).toBe('first channels x6 first > last');
    expect(await apartOf(found)).toBeLessThan(1e-5);
  });

  it('Pad by reflection locks the axis that it changes', async () => {
    const net = new SmallNet();
    const hidden = net.conv('first', net.input([1, 3, 4, 4]), [6, 3, 1, 1]);
    const padded = net.op('Pad', [hidden, net.ints(0, 1, 1, 0, 0, 0, 1, 0)], { mode: 'reflect' });
    const found = await net.find(net.conv('last', padded, [2, 7, 1, 1]));
    expect(found.groups.map(told)[1]).toBe('first channels x6 first >  | not-a-channel@Pad');
  });

  it.each(['DCR', 'CRD'])('DepthToSpace (%s) and back tie blocks of channels', async (mode) => {
    const net = new SmallNet();
    const deep = net.conv('first', net.input([1, 3, 2, 2]), [12, 3, 1, 1]);
    const wide = net.op('DepthToSpace', [deep], { blocksize: 2, mode });
    const back = net.op('SpaceToDepth', [net.conv('middle', wide, [5, 3, 3, 3])], { blocksize: 2 });
    const found = await net.find(net.conv('last', back, [2, 20, 1, 1]));
    expect(found.groups.map(told).slice(1, -1)).toEqual([
      'first channels x3 first > middle',
      'middle channels x5 middle > last',
    ]);
    expect(await apartOf(found)).toBeLessThan(1e-5);
  });
});
