import { describe, expect, it } from 'vitest';
import { apartOf, SmallNet, told } from './small-net.ts';

describe('convolutions', () => {
  it('sum over input channels and make output channels', async () => {
    const net = new SmallNet();
    const hidden = net.op('Relu', [net.conv('first', net.input([1, 3, 5, 5]), [6, 3, 3, 3])]);
    const found = await net.find(net.conv('second', hidden, [4, 6, 3, 3]));
    expect(found.groups.map(told)).toEqual([
      'first channels x3  > first | graph-input@x',
      'first channels x6 first > second',
      'second channels x4 second >  | graph-output@y',
    ]);
    expect(found.groups[1]?.places.map(({ axis, units }) => [axis, units.length])).toEqual([
      [1, 6],
      [0, 6],
      [0, 6],
      [1, 6],
      [1, 6],
    ]);
    expect(await apartOf(found)).toBeLessThan(1e-5);
  });

  it('keep channels apart where they are depthwise, with several outputs each', async () => {
    const net = new SmallNet();
    const first = net.conv('first', net.input([1, 3, 5, 5]), [4, 3, 1, 1]);
    const depthwise = net.conv('depthwise', first, [4, 1, 3, 3], { group: 4 });
    const doubled = net.conv('doubled', depthwise, [8, 1, 3, 3], { group: 4 });
    const found = await net.find(net.conv('last', doubled, [3, 8, 1, 1]));
    expect(found.groups.map(told)[1]).toBe('first channels x4 first > last');
    expect(found.groups[1]?.followers.map(({ node }) => node)).toEqual(['depthwise', 'doubled']);
    expect(await apartOf(found)).toBeLessThan(1e-5);
  });

  it('lose whole groups', async () => {
    const net = new SmallNet();
    const first = net.conv('first', net.input([1, 3, 5, 5]), [6, 3, 1, 1]);
    const grouped = net.conv('grouped', first, [9, 2, 3, 3], { group: 3 });
    const found = await net.find(net.conv('last', grouped, [2, 9, 1, 1]));
    expect(found.groups.map(told)[1]).toBe('first channels x3 first > last');
    expect(await apartOf(found)).toBeLessThan(1e-5);
  });

  it.each([1, 2, 4])('transposed, of %i groups, lie the other way', async (group) => {
    const net = new SmallNet();
    const first = net.conv('first', net.input([1, 3, 4, 4]), [4, 3, 1, 1]);
    const inputs = [first, net.weight([4, 6 / (group === 4 ? 6 : group), 2, 2]), net.weight([group === 4 ? 4 : 6])];
    const grown = net.op('ConvTranspose', inputs, { strides: [2, 2], group });
    const found = await net.find(net.conv('last', grown, [2, group === 4 ? 4 : 6, 1, 1]));
    const expected = {
      1: ['first channels x4 first > ConvTranspose', 'ConvTranspose channels x6 ConvTranspose > last'],
      2: ['first channels x2 first > last'],
      4: ['first channels x4 first > last'],
    }[group];
    expect(found.groups.map(told).slice(1, -1)).toEqual(expected);
    expect(await apartOf(found)).toBeLessThan(1e-5);
  });

  it('stay where the weight is computed', async () => {
    const net = new SmallNet();
    const x = net.input([1, 3, 4, 4]);
    const first = net.conv('first', x, [4, 3, 1, 1]);
    const weight = net.op('Mul', [
      net.weight([4, 4, 1, 1]),
      net.op('ReduceMean', [x], { axes: [0, 1, 2, 3], keepdims: 1 }),
    ]);
    const found = await net.find(net.conv('last', net.op('Conv', [first, weight]), [2, 4, 1, 1]));
    expect(found.groups.map(told).slice(1, 3)).toEqual([
      'first channels x4 first >  | weight-not-constant@Conv',
      'last channels x4  > last | weight-not-constant@Conv',
    ]);
  });
});
