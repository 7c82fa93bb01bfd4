import { describe, expect, it } from 'vitest';
import { copyModel } from '../../../src/compute/copy-model.ts';
import { tensorType } from '../../../src/onnx/value-type.ts';
import { maskUnits } from '../../../src/prune/groups/mask-units.ts';
import { privatizeConstants } from '../../../src/prune/groups/privatize-constants.ts';
import { removeUnits } from '../../../src/prune/groups/remove-units.ts';
import { run } from '../../quantize/rewrite/run-models.ts';
import { compareRemoval, everyOther, removed } from './group-case.ts';
import { SmallNet, told } from './small-net.ts';

async function twoLayers() {
  const net = new SmallNet();
  const hidden = net.op('Relu', [net.linear('first', net.input([2, 3]), [3, 6])]);
  return net.find(net.linear('last', hidden, [6, 2]));
}

describe('removeUnits', () => {
  it.each([
    [[[7, [0]]], 'there is no group 7'],
    [[[1, [6]]], "group 'first' has no unit 6"],
    [[[1, [-1]]], "group 'first' has no unit -1"],
    [[[0, [1]]], "group 'first' is locked"],
    [[[1, [0, 1, 2, 3, 4, 5]]], "group 'first' would keep no unit"],
  ] as const)('refuses %j', async (entries, message) => {
    const { model, groups } = await twoLayers();
    const removal = new Map<number, readonly number[]>(entries);
    for (const edit of [removeUnits, maskUnits]) expect(() => edit(copyModel(model), groups, removal)).toThrow(message);
  });

  it('refuses a model of other names', async () => {
    const { groups } = await twoLayers();
    const other = new SmallNet();
    other.g.output(other.op('Relu', [other.input([2, 3])]), 'y', tensorType('float32'));
    expect(() => removeUnits(other.g.model(), groups, new Map([[1, [0]]]))).toThrow('there is no value');
  });

  it('leaves everything else as it is', async () => {
    const found = await twoLayers();
    const before = [...found.model.graph.initializers].map(({ tensor }) => tensor);
    const small = removed(
      found,
      new Map([
        [1, [0, 2]],
        [2, []],
      ]),
    );
    expect([...found.model.graph.initializers].map(({ tensor }) => tensor)).toEqual(before);
    expect([...small.graph.initializers].map(({ tensor }) => tensor?.dims)).toEqual([
      [3, 4],
      [4, 2],
    ]);
    const nothing = removed(found, new Map());
    expect(await run(nothing, found.feeds)).toEqual(await run(found.model, found.feeds));
  });

  it('corrects what values are declared to be', async () => {
    const net = new SmallNet();
    const hidden = net.linear('first', net.input([2, 3]), [3, 6]);
    hidden.setType(tensorType('float32', ['n', 6]));
    const active = net.op('Relu', [hidden]);
    active.setType(tensorType('float32', ['n', 'hidden']));
    const found = await net.find(net.linear('last', active, [6, 2]));
    const types = [...removed(found, everyOther(found)).graph.nodes()].map((node) => node.output(0)?.type);
    expect(types).toEqual([tensorType('float32', ['n', 3]), tensorType('float32', ['n', null]), tensorType('float32')]);
  });

  it('keeps tied weights tied, and takes units out of both ends', async () => {
    const net = new SmallNet();
    const x = net.input([2, 3]);
    const [square, into] = [net.weight([6, 6]), net.weight([3, 6])];
    let hidden = net.g.op('MatMul', [x, into], { name: 'first' });
    for (const name of ['a', 'b']) hidden = net.op(`Relu.${name}`, [net.g.op('MatMul', [hidden, square], { name })]);
    const found = await net.find(net.linear('last', hidden, [6, 2]), { shared: true });
    expect(found.groups.map(told)[1]).toBe('first neurons x6 first,a,b > a,b,last');
    expect((await compareRemoval(found, everyOther(found))).apart).toBeLessThan(1e-5);
  });

  it('takes units of several groups out of one axis', async () => {
    const net = new SmallNet();
    const x = net.input([2, 3]);
    const joined = net.op('Concat', [net.linear('a', x, [3, 4]), net.linear('b', x, [3, 5])], { axis: 1 });
    const found = await net.find(net.linear('last', net.op('Add', [joined, net.weight([9])]), [9, 2]));
    const removal = new Map([
      [1, [0, 3]],
      [2, [1, 2]],
    ]);
    expect([...removed(found, removal).graph.initializers].map(({ tensor }) => tensor?.dims)).toEqual([
      [3, 2],
      [3, 3],
      [5],
      [5, 2],
    ]);
    expect((await compareRemoval(found, removal)).apart).toBeLessThan(1e-5);
  });
});

describe('privatizeConstants', () => {
  it('gives small constants to each reader, and leaves large ones and single numbers', () => {
    const net = new SmallNet();
    const x = net.input([2, 3]);
    const [bias, one, large, shape] = [net.weight([3]), net.number(1), net.weight([200, 200]), net.ints(-1)];
    const sums = ['a', 'b', 'c'].map((name) => net.op(`Add.${name}`, [net.op(`Mul.${name}`, [x, one]), bias]));
    const flat = ['d', 'e'].map((name) => net.op(`Reshape.${name}`, [large, shape]));
    for (const value of [...sums, ...flat]) net.g.output(value);
    const model = net.g.model();
    expect(privatizeConstants(model)).toBe(3);
    expect([bias, one, large, shape].map(({ useCount }) => useCount)).toEqual([1, 3, 2, 1]);
    expect(privatizeConstants(model)).toBe(0);
  });

  it('keeps equal biases of different layers from tying them', async () => {
    const build = () => {
      const net = new SmallNet();
      const [x, bias] = [net.input([2, 3]), net.weight([6])];
      const layers = ['a', 'b'].map((name) => net.op(`Add.${name}`, [net.linear(name, x, [3, 6]), bias]));
      const parts = layers.map((value, index) => net.linear(`last${index}`, value, [6, 2]));
      return { net, sum: net.op('Add', parts) };
    };
    const [apart, tied] = [build(), build()];
    expect((await apart.net.find(apart.sum)).groups.map(told).slice(1, 3)).toEqual([
      'a neurons x6 a > last0',
      'b neurons x6 b > last1',
    ]);
    expect((await tied.net.find(tied.sum, { shared: true })).groups.map(told)[1]).toBe(
      'a neurons x6 a,b > last0,last1',
    );
  });
});
