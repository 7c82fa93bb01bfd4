import { describe, expect, it } from 'vitest';
import { inspectModel } from '../../src/inspect/inspect-model.ts';
import { floats, longs } from '../../src/onnx/graph-builder.ts';
import type { Model } from '../../src/onnx/model.ts';
import { Network } from './network.ts';

/** `  name: nodes` for each row, indented by depth. */
const drawn = (model: Model, rows = 0) =>
  inspectModel(model, { dims: {}, rows }).tree.rows.map(
    ({ depth, kind, name, nodes }) => `${' '.repeat(depth - 1)}${kind} ${name} ${nodes}`,
  );

/** A model of one chain of Relu nodes with these names. */
function chain(names: readonly string[]): Network {
  const net = new Network();
  let x = net.input('x', 'float32', [1]);
  for (const name of names) x = net.op('Relu', [x], { name });
  net.output(x, 'y');
  return net;
}

describe('the tree of the graph', () => {
  it('goes by slashes, else by dots', () => {
    expect(drawn(chain(['/a/b.0/Relu', '/a/b.1/Relu', '/Relu']).model())).toEqual([
      'module a 2',
      ' module b.0 1',
      '  operator Relu 1',
      ' module b.1 1',
      '  operator Relu 1',
      'operator Relu 1',
    ]);
    expect(drawn(chain(['enc.0.relu', 'dec.relu']).model())).toEqual([
      'module enc 1',
      ' module 0 1',
      '  operator Relu 1',
      'module dec 1',
      ' operator Relu 1',
    ]);
  });

  it('lists nodes in order where names tell nothing, or one module for all', () => {
    expect(drawn(chain(['', 'second', '']).model())).toEqual(['node relu_out 1', 'node second 1', 'node y 1']);
    expect(drawn(chain(['p2o.Relu.0', 'p2o.Relu.1']).model())).toEqual(['node p2o.Relu.0 1', 'node p2o.Relu.1 1']);
    expect(drawn(chain(['only/a', 'only/b']).model())).toEqual(['node a 1', 'node b 1']);
  });

  it('shows branches, and leaves out what the names around them tell already', () => {
    const net = new Network();
    const x = net.input('x', 'float32', [2, 2]);
    const branch = (name: string) => {
      const body = net.subgraph(name);
      body.output(body.op('MatMul', [x, net.weight([2, 2])], { name: `/dec/choice/${name}/MatMul` }));
      return body.graph;
    };
    const condition = net.input('condition', 'bool', []);
    const attributes = { then_branch: branch('then'), else_branch: branch('else') };
    const first = net.op('Relu', [x], { name: '/enc/Relu' });
    net.output(net.op('If', [condition], { name: '/dec/choice/If', attributes }));
    net.output(first);
    const { tree, macs } = inspectModel(net.model(), { dims: {} });
    expect(
      tree.rows.map(({ depth, kind, name, operator, nodes, macs }) => [depth, kind, name, operator, nodes, macs]),
    ).toEqual([
      [1, 'module', 'dec', null, 3, 8],
      [2, 'module', 'choice', null, 3, 8],
      // One branch runs, and either is listed with what it takes.
      [3, 'node', 'If', 'If', 3, 8],
      [4, 'module', 'then_branch', null, 1, 8],
      [5, 'node', 'MatMul', 'MatMul', 1, 8],
      [4, 'module', 'else_branch', null, 1, 8],
      [5, 'node', 'MatMul', 'MatMul', 1, 8],
      [1, 'module', 'enc', null, 1, 0],
      [2, 'operator', 'Relu', 'Relu', 1, 0],
    ]);
    expect(tree.nodes).toBe(4);
    expect(macs.total).toBe(8);
  });

  it('leaves Constant nodes out, and counts what they hold where it is read first', () => {
    const net = chain(['']);
    const constant = net.op('Constant', [], { attributes: { value_ints: [1] } });
    net.output(net.op('Reshape', [net.constant('w', floats([2], [1, 2])), constant]));
    net.output(
      net.op('Reshape', [net.op('Relu', [net.constant('v', floats([1], [1]))]), net.constant('s', longs([1]))]),
    );
    const { tree } = inspectModel(net.model(), { dims: {} });
    expect(tree.rows.map(({ operator, constantBytes }) => [operator, constantBytes])).toEqual([
      ['Relu', 0],
      ['Reshape', 8],
      ['Relu', 4],
      ['Reshape', 8],
    ]);
  });

  it('is cut, unless more rows are wanted', () => {
    const model = chain(Array.from({ length: 300 }, (_, i) => `layer.${i}/act/Relu`)).model();
    const rows = drawn(model);
    // 100 layers of 300, and what is inside each of them: a module and an operator.
    expect(rows).toHaveLength(300);
    expect(rows.slice(0, 3)).toEqual(['module layer.0 1', ' module act 1', '  operator Relu 1']);
    expect(drawn(model, 1000)).toHaveLength(900);
    expect(inspectModel(model, { dims: {} }).tree.nodes).toBe(300);
  });

  it('survives names of many parts', () => {
    const deep = `${'a/'.repeat(100_000)}Relu`;
    const rows = inspectModel(chain([deep, `b/${deep}`]).model(), { dims: {} }).tree.rows;
    expect(Math.max(...rows.map(({ depth }) => depth))).toBeLessThan(30);
  });
});
