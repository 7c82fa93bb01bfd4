import { describe, expect, it } from 'vitest';
import { checkGraph } from '../../../src/onnx/check.ts';
import { floats, GraphBuilder, long, longs } from '../../../src/onnx/graph-builder.ts';
import { eliminateCommonSubexpressions } from '../../../src/onnx/passes/eliminate-common-subexpressions.ts';
import { mergeDuplicateInitializers } from '../../../src/onnx/passes/merge-duplicate-initializers.ts';
import { Tensor } from '../../../src/onnx/tensor.ts';
import { tensorType } from '../../../src/onnx/value-type.ts';
import { expectCleaned, expectUntouched, opsOf, ramp } from './clean-up-check.ts';

const float = tensorType('float32');

function start(dims = [2, 3]) {
  const g = new GraphBuilder();
  return { g, x: g.input('x', 'float32', dims), feeds: { x: ramp(dims) } };
}

describe('eliminateCommonSubexpressions', () => {
  it('computes equal chains once', async () => {
    const { g, x, feeds } = start();
    const chain = () => g.op('LeakyRelu', [g.op('Neg', [x])], { attributes: { alpha: { float: 0.25 } } });
    g.output(g.op('Add', [chain(), chain()]), 'y', float);
    await expectCleaned(eliminateCommonSubexpressions, g.model(), { feeds, ops: ['Neg', 'LeakyRelu', 'Add'] });
  });

  it('keeps the name of an output, whichever comes first', async () => {
    const { g, x, feeds } = start();
    const first = g.op('Neg', [x]);
    g.output(g.op('Neg', [x]), 'y', float);
    g.output(g.op('Abs', [first]), 'z', float);
    await expectCleaned(eliminateCommonSubexpressions, g.model(), { feeds, ops: ['Neg', 'Abs'] });
  });

  it('merges nodes of several outputs, and tensors in attributes', async () => {
    const { g, x, feeds } = start([2, 4]);
    const fill = () => Tensor.fromDense(floats([1], [2]));
    const filled = () => g.op('ConstantOfShape', [g.op('Shape', [x])], { attributes: { value: fill() } });
    const [a, b] = g.ops('Split', [x], { outputs: 2, attributes: { axis: 1 } });
    const [c, d] = g.ops('Split', [x], { outputs: 2, attributes: { axis: 1 } });
    const halves = g.op('Concat', [a ?? x, d ?? x, c ?? x, b ?? x], { attributes: { axis: 1 } });
    g.output(halves, 'halves', float);
    g.output(g.op('Mul', [filled(), g.op('Add', [x, filled()])]), 'y', float);
    const ops = ['Split', 'Concat', 'Shape', 'ConstantOfShape', 'Add', 'Mul'];
    const model = g.model();
    await expectCleaned(eliminateCommonSubexpressions, model, { feeds, ops: opsSorted(ops, model) });
  });

  /** The order in which the model has them. */
  function opsSorted(ops: readonly string[], model: Parameters<typeof opsOf>[0]): readonly string[] {
    const order = [...new Set(opsOf(model))];
    return ops.toSorted((a, b) => order.indexOf(a) - order.indexOf(b));
  }

  it('leaves nodes that differ in an input, their order, an attribute or the number of outputs', async () => {
    const { g, x, feeds } = start([1, 2, 4, 4]);
    const w = g.constant('w', floats([1], [2]));
    const values = [
      g.op('Sub', [x, w]),
      g.op('Sub', [w, x]),
      g.op('LeakyRelu', [x], { attributes: { alpha: { float: 0.25 } } }),
      g.op('LeakyRelu', [x], { attributes: { alpha: { float: 0.5 } } }),
      g.op('Elu', [x], { attributes: { alpha: { float: 0 } } }),
      g.op('Elu', [x], { attributes: { alpha: { float: -0 } } }),
      g.op('ConstantOfShape', [g.op('Shape', [x])], { attributes: { value: Tensor.fromDense(floats([1], [2])) } }),
    ];
    g.output(g.op('Sum', values), 'y', float);
    const attributes = { kernel_shape: [2, 2] };
    const [pooled, at] = g.ops('MaxPool', [x], { outputs: 2, attributes });
    g.output(g.op('Add', [pooled ?? x, g.op('MaxPool', [x], { attributes })]), 'z', float);
    g.output(at ?? x, 'at', tensorType('int64'));
    await expectUntouched(eliminateCommonSubexpressions, g.model(), feeds);
  });

  it('leaves two outputs that are equal', async () => {
    const { g, x, feeds } = start();
    g.output(g.op('Neg', [x]), 'a', float);
    g.output(g.op('Neg', [x]), 'b', float);
    await expectUntouched(eliminateCommonSubexpressions, g.model(), feeds);
  });

  it('leaves random numbers, subgraphs and other domains', () => {
    const { g, x } = start();
    const noise = () => g.op('RandomNormalLike', [x]);
    const branch = () => {
      const b = g.subgraph('branch');
      b.output(b.op('Neg', [x]));
      return b.graph;
    };
    const condition = g.input('condition', 'bool', []);
    const choice = () => g.op('If', [condition], { attributes: { then_branch: branch(), else_branch: branch() } });
    const custom = () => g.op('Gelu', [x], { domain: 'com.microsoft' });
    g.output(g.op('Sum', [noise(), noise(), choice(), choice(), custom(), custom()]), 'y', float);
    const model = g.model({ opsets: { 'com.microsoft': 1 } });
    expect(eliminateCommonSubexpressions.apply(model)).toBe(false);
    checkGraph(model);
    expect(opsOf(model)).toHaveLength(7);
  });

  it('works inside subgraphs', async () => {
    const { g, x, feeds } = start();
    const body = g.subgraph('body');
    body.graph.addInput('i', tensorType('int64', []));
    const condition = body.graph.addInput('more', tensorType('bool', []));
    const carried = body.graph.addInput('carried', float);
    body.output(body.op('Identity', [condition]));
    body.output(body.op('Add', [body.op('Neg', [carried]), body.op('Neg', [carried])]));
    const trips = g.constant('trips', long(3));
    g.output(g.op('Loop', [trips, null, x], { attributes: { body: body.graph } }), 'y', float);
    await expectCleaned(eliminateCommonSubexpressions, g.model(), { feeds, ops: ['Loop'] });
    expect(Array.from(body.graph.nodes(), ({ op }) => op)).toEqual(['Identity', 'Neg', 'Add']);
  });
});

describe('mergeDuplicateInitializers', () => {
  it('keeps one of equal constants', async () => {
    const { g, x, feeds } = start([3, 3]);
    const weight = () => g.constant('w', ramp([3, 3]));
    g.output(g.op('MatMul', [g.op('MatMul', [x, weight()]), weight()]), 'y', float);
    g.output(g.op('Gather', [weight(), g.constant('i', long(1))]), 'row', float);
    const model = g.model();
    await expectCleaned(mergeDuplicateInitializers, model, { feeds, ops: ['MatMul', 'MatMul', 'Gather'] });
    expect(Array.from(model.graph.initializers, ({ name }) => name)).toEqual(['w', 'i']);
  });

  it('keeps the one that is returned', async () => {
    const { g, x, feeds } = start();
    g.output(g.op('Add', [x, g.constant('a', floats([1], [2]))]), 'y', float);
    g.output(g.constant('b', floats([1], [2])), 'b', tensorType('float32', [1]));
    const model = g.model();
    await expectCleaned(mergeDuplicateInitializers, model, { feeds, ops: ['Add'] });
    expect(Array.from(model.graph.initializers, ({ name }) => name)).toEqual(['b']);
  });

  it('reads from a graph around it what a subgraph has too, not what another branch has', async () => {
    const { g, x, feeds } = start();
    const branch = (op: string) => {
      const b = g.subgraph(op);
      const shared = b.constant('shared', floats([1], [2]));
      const own = b.constant('own', floats([1], [3]));
      b.output(b.op(op, [b.op('Add', [x, shared]), own]));
      return b.graph;
    };
    const [then, other] = [branch('Mul'), branch('Sub')];
    const condition = g.constant('c', { type: 'bool', dims: [], data: Uint8Array.of(0) });
    const chosen = g.op('If', [condition], { attributes: { then_branch: then, else_branch: other } });
    g.output(g.op('Add', [chosen, g.constant('outer', floats([1], [2]))]), 'y', float);
    const model = g.model();
    await expectCleaned(mergeDuplicateInitializers, model, { feeds, ops: ['If', 'Add'] });
    expect([then.initializers.size, other.initializers.size, model.graph.initializers.size]).toEqual([1, 1, 2]);
  });

  it('leaves constants of other shapes, types and bits, and defaults', async () => {
    const { g, x, feeds } = start([2, 2]);
    const a = g.constant('a', floats([2], [0, 1]));
    const b = g.constant('b', floats([1, 2], [0, 1]));
    const c = g.constant('c', floats([2], [-0, 1]));
    const d = g.constant('d', floats([2], [0, 1]));
    const e = g.op('Cast', [g.constant('e', longs([0, 1]))], { attributes: { to: 1 } });
    g.output(g.op('Sum', [x, a, b, c, d, e]), 'y', float);
    g.graph.exposeInitializer(d);
    await expectUntouched(mergeDuplicateInitializers, g.model(), feeds);
  });
});
