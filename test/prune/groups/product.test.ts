import { describe, expect, it } from 'vitest';
import { apartOf, SmallNet, told } from './small-net.ts';

describe('products', () => {
  it.each([
    { transB: 0, shape: [6, 4], bias: [4] },
    { transB: 1, shape: [4, 6], bias: [1, 4] },
    { transB: 1, shape: [4, 6], bias: [] },
  ])('Gemm with transB $transB and a bias of $bias', async ({ transB, shape, bias }) => {
    const net = new SmallNet();
    const hidden = net.op('Gemm.1', [net.input([2, 3]), net.weight([3, 6])]);
    const made = net.op('Gemm.2', [net.op('Relu', [hidden]), net.weight(shape), net.weight(bias)], { transB });
    const found = await net.find(net.linear('last', made, [4, 2]));
    expect(found.groups.map(told)).toEqual([
      'Gemm.1 neurons x3  > Gemm.1 | graph-input@x',
      'Gemm.1 neurons x6 Gemm.1 > Gemm.2',
      'Gemm.2 neurons x4 Gemm.2 > last',
      'last neurons x2 last >  | graph-output@y',
    ]);
    expect(found.groups[2]?.producers).toEqual([
      { node: 'Gemm.2', input: 1, weight: expect.any(String), axis: 1 - transB },
    ]);
    expect(await apartOf(found)).toBeLessThan(1e-5);
  });

  it('Gemm with a turned left operand', async () => {
    const net = new SmallNet();
    const hidden = net.op('Transpose', [net.linear('first', net.input([2, 3]), [3, 6])]);
    const found = await net.find(net.op('Gemm', [hidden, net.weight([6, 2])], { transA: 1 }));
    expect(found.groups.map(told)[1]).toBe('first neurons x6 first > Gemm');
    expect(await apartOf(found)).toBeLessThan(1e-5);
  });

  it('MatMul with the weight on the left', async () => {
    const net = new SmallNet();
    const hidden = net.op('MatMul.1', [net.weight([6, 3]), net.input([2, 3, 5])]);
    const found = await net.find(net.op('MatMul.2', [net.weight([4, 6]), net.op('Relu', [hidden])]));
    expect(found.groups.map(told)[1]).toBe('MatMul.1 neurons x6 MatMul.1 > MatMul.2');
    expect(found.groups[1]?.consumers).toEqual([{ node: 'MatMul.2', input: 0, weight: expect.any(String), axis: 1 }]);
    expect(await apartOf(found)).toBeLessThan(1e-5);
  });

  it('what two computed values are compared by goes together', async () => {
    const net = new SmallNet();
    const x = net.input([2, 5, 3]);
    const keys = net.op('Transpose', [net.linear('keys', x, [3, 6])], { perm: [0, 2, 1] });
    const found = await net.find(net.op('MatMul', [net.linear('queries', x, [3, 6]), keys]));
    expect(found.groups.map(told)[1]).toBe('keys neurons x6 keys,queries > ');
    expect(found.groups[1]?.contractions).toEqual([
      { node: 'MatMul', input: 0, axis: 2, dims: [2, 5, 6], type: 'float32' },
    ]);
    expect(await apartOf(found)).toBeLessThan(1e-5);
  });

  it('a constant for each head stays', async () => {
    const net = new SmallNet();
    const found = await net.find(
      net.linear(
        'last',
        net.op('MatMul', [net.linear('first', net.input([2, 4, 3]), [3, 6]), net.weight([2, 6, 5])]),
        [5, 2],
      ),
    );
    expect(found.groups.map(told).slice(1, 3)).toEqual([
      'first neurons x6 first >  | unknown-operator@MatMul',
      'last neurons x5  > last | unknown-operator@MatMul',
    ]);
  });

  it('a weight that is turned while it runs is followed to its constant', async () => {
    const net = new SmallNet();
    const hidden = net.linear('first', net.input([2, 3]), [3, 6]);
    const found = await net.find(net.op('MatMul', [hidden, net.op('Transpose', [net.weight([4, 6])])]));
    expect(found.groups.map(told)[1]).toBe('first neurons x6 first > ');
    expect(await apartOf(found)).toBeLessThan(1e-5);
  });

  it('integer weights stay', async () => {
    const net = new SmallNet();
    const hidden = net.op('Cast.1', [net.linear('first', net.input([2, 3]), [3, 6])], { to: 6 });
    const integers = net.g.constant('integers', { type: 'int32', dims: [6, 4], data: new Int32Array(24).fill(1) });
    const found = await net.find(net.op('Cast.2', [net.op('MatMul', [hidden, integers])], { to: 1 }));
    expect(found.groups.map(told)[1]).toBe('first neurons x6 first >  | weight-type@MatMul');
  });
});
