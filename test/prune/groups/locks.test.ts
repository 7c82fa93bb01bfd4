import { describe, expect, it } from 'vitest';
import { GraphBuilder } from '../../../src/onnx/graph-builder.ts';
import type { Value } from '../../../src/onnx/value.ts';
import { tensorType } from '../../../src/onnx/value-type.ts';
import { findGroups } from '../../../src/prune/groups/find-groups.ts';
import { noise } from '../../quantize/rewrite/run-models.ts';
import { groupCase } from './group-case.ts';
import { apartOf, SmallNet, told } from './small-net.ts';

describe('what stays, and why', () => {
  it('an operator that no rule is known for, whatever reaches it', async () => {
    const net = new SmallNet();
    const hidden = net.linear('first', net.input([2, 3]), [3, 6]);
    const mixed = net.op('Einsum', [hidden, hidden], { equation: 'bi,bj->bj' });
    const found = await net.find(net.linear('last', mixed, [6, 2]));
    expect(found.groups.map(told)[1]).toBe('first neurons x6 first >  | unknown-operator@Einsum');
    expect(found.groups[1]?.locks).toEqual([{ reason: 'unknown-operator', node: 'Einsum', op: 'Einsum' }]);
  });

  it('all reasons of what is tied together, each once', async () => {
    const net = new SmallNet();
    const hidden = net.linear('first', net.input([2, 3]), [3, 6]);
    const soft = net.op('Softmax.1', [net.op('Softmax.2', [hidden])]);
    const found = await net.find(net.op('LpNormalization', [soft], { axis: 1 }));
    expect(found.groups.map(told)[1]).toBe(
      'first neurons x6 first >  | mixes-units@Softmax.2 | normalized@LpNormalization | graph-output@y',
    );
  });

  it('a table that is looked up, and without --width what it holds', async () => {
    const build = () => {
      const g = new GraphBuilder();
      const ids = g.input('ids', 'int64', [2, 4]);
      const table = g.constant('table', noise([9, 6], 1));
      const rows = g.op('Gather', [table, ids], { name: 'embed' });
      const made = g.op('MatMul', [g.op('Relu', [rows]), g.constant('w', noise([6, 3], 2))], { name: 'last' });
      g.output(made, 'y', tensorType('float32'));
      return g.model();
    };
    const feeds = {
      ids: { type: 'int64', dims: [2, 4], data: BigInt64Array.from([0n, 1n, 2n, 3n, 4n, 5n, 8n, 7n]) },
    } as const;
    const closed = await groupCase(build(), feeds);
    expect(closed.groups.map(told)).toEqual([
      'embed width x6 embed > last | width-not-asked@embed',
      'last neurons x3 last >  | graph-output@y',
    ]);
    const open = await groupCase(build(), feeds, { width: true });
    expect(open.groups.map(told)[0]).toBe('embed width x6 embed > last');
    expect(await apartOf(open)).toBeLessThan(1e-5);
  });

  it('a layer that was excluded, on both sides', async () => {
    const net = new SmallNet();
    const first = net.linear('first', net.input([2, 3]), [3, 6]);
    const second = net.linear('second', first, [6, 5]);
    const third = net.linear('third', second, [5, 4]);
    const found = await net.find(net.linear('last', third, [4, 2]), { exclude: ({ name }) => name === 'second' });
    expect(found.groups.map(told).slice(1, -1)).toEqual([
      'first neurons x6 first > second | excluded@second',
      'second neurons x5 second > third | excluded@second',
      'third neurons x4 third > last',
    ]);
  });

  it('what has no shape', () => {
    const net = new SmallNet();
    const hidden = net.linear('first', net.input([2, 3]), [3, 6]);
    net.g.output(net.linear('last', net.op('Relu', [hidden]), [6, 2]), 'y');
    const shapes = new Map([
      ['x', { type: 'float32', dims: [2, 3] }],
      ['first', { type: 'float32', dims: [2, 6] }],
    ] as const);
    const groups = findGroups(net.g.model(), { shapes, width: false, exclude: () => false });
    expect(groups.map(told)).toEqual([
      'first neurons x3  > first | graph-input@x',
      'first neurons x6 first >  | no-shape@Relu',
    ]);
  });

  it('recurrent layers, with all that they read', async () => {
    const net = new SmallNet();
    const hidden = net.linear('first', net.input([4, 1, 3]), [3, 6]);
    const made = net.op('LSTM', [hidden, net.weight([1, 20, 6]), net.weight([1, 20, 5])], { hidden_size: 5 });
    const found = await net.find(net.linear('last', made, [5, 2]));
    expect(found.groups.map(told).slice(1, -1)).toEqual([
      'first neurons x6 first >  | unknown-operator@LSTM',
      'LSTM neurons x6  > LSTM | unknown-operator@LSTM',
      'LSTM neurons x20 LSTM >  | unknown-operator@LSTM',
      'last neurons x5  > last | unknown-operator@LSTM',
    ]);
  });

  it('what an If reads, makes or captures, and the layers inside', async () => {
    const net = new SmallNet();
    const x = net.input([2, 3]);
    const captured = net.linear('captured', x, [3, 6]);
    const free = net.linear('free', x, [3, 5]);
    const branch = (name: string, value: Value) => {
      const inner = net.g.subgraph(name);
      const weight = inner.constant('w', noise([6, 4], 3));
      inner.output(
        inner.op('MatMul', [value, weight], { name: `inside.${name}` }),
        undefined,
        tensorType('float32', [2, 4]),
      );
      return inner.graph;
    };
    const condition = net.g.constant('yes', { type: 'bool', dims: [], data: Uint8Array.of(1) });
    const chosen = net.op('If', [condition], {
      then_branch: branch('a', captured),
      else_branch: branch('b', captured),
    });
    const sum = net.op('Add', [net.linear('last', chosen, [4, 2]), net.linear('other', free, [5, 2])]);
    const found = await net.find(sum);
    expect(found.groups.map(told).slice(1)).toEqual([
      'captured neurons x6 captured >  | in-control-flow@If',
      'free neurons x5 free > other',
      'last neurons x4  > last | in-control-flow@If',
      'last neurons x2 last,other >  | graph-output@y',
      'inside.a neurons x4 inside.a >  | in-control-flow@If',
      'inside.b neurons x4 inside.b >  | in-control-flow@If',
    ]);
    expect(found.groups.map(({ id }) => id)).toEqual(found.groups.map((_, index) => index));
    expect(await apartOf(found)).toBeLessThan(1e-5);
  });

  it('initializers that callers may override', async () => {
    const net = new SmallNet();
    const weight = net.weight([3, 6]);
    net.g.graph.exposeInitializer(weight);
    const hidden = net.g.op('MatMul', [net.input([2, 3]), weight], { name: 'first' });
    const found = await net.find(net.linear('last', hidden, [6, 2]), { inferred: true });
    expect(found.groups.map(told)[0]).toContain('last neurons x6  > last | graph-input@w');
  });
});
