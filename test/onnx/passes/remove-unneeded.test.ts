import { describe, expect, it } from 'vitest';
import { checkGraph } from '../../../src/onnx/check.ts';
import { encodeModel } from '../../../src/onnx/file/encode-model.ts';
import type { FunctionDefinition } from '../../../src/onnx/function-definition.ts';
import { floats, GraphBuilder, long } from '../../../src/onnx/graph-builder.ts';
import { removeDeadNodes } from '../../../src/onnx/passes/remove-dead-nodes.ts';
import { removeInitializersFromInputs } from '../../../src/onnx/passes/remove-initializers-from-inputs.ts';
import { removeUnusedFunctions } from '../../../src/onnx/passes/remove-unused-functions.ts';
import { removeUnusedInitializers } from '../../../src/onnx/passes/remove-unused-initializers.ts';
import { tensorType } from '../../../src/onnx/value-type.ts';
import { runModel } from '../../numerics/run-model.ts';
import { expectCleaned, expectUntouched, opsOf, ramp } from './clean-up-check.ts';

const float = tensorType('float32');

function start(dims = [2, 3]) {
  const g = new GraphBuilder();
  return { g, x: g.input('x', 'float32', dims), feeds: { x: ramp(dims) } };
}

describe('removeDeadNodes', () => {
  it('removes chains that lead nowhere', async () => {
    const { g, x, feeds } = start();
    g.op('Abs', [g.op('Neg', [g.op('Exp', [x])])]);
    g.output(g.op('Relu', [x]), 'y', float);
    await expectCleaned(removeDeadNodes, g.model(), { feeds, ops: ['Relu'] });
  });

  it('removes what only a dead subgraph captured', async () => {
    const { g, x, feeds } = start();
    const captured = g.op('Neg', [x]);
    const [then, other] = [g.subgraph('then'), g.subgraph('else')];
    then.output(then.op('Abs', [captured]));
    other.output(other.op('Relu', [captured]));
    const attributes = { then_branch: then.graph, else_branch: other.graph };
    g.op('If', [g.constant('c', { type: 'bool', dims: [], data: Uint8Array.of(1) })], { attributes });
    g.output(g.op('Relu', [x]), 'y', float);
    await expectCleaned(removeDeadNodes, g.model(), { feeds, ops: ['Relu'] });
  });

  it('removes dead nodes inside subgraphs, and what they needed outside', async () => {
    const { g, x, feeds } = start();
    const captured = g.op('Neg', [x]);
    const [then, other] = [g.subgraph('then'), g.subgraph('else')];
    then.op('Abs', [captured]);
    then.output(then.op('Abs', [x]));
    other.output(other.op('Relu', [x]));
    const attributes = { then_branch: then.graph, else_branch: other.graph };
    const condition = g.constant('c', { type: 'bool', dims: [], data: Uint8Array.of(1) });
    g.output(g.op('If', [condition], { attributes }), 'y', float);
    await expectCleaned(removeDeadNodes, g.model(), { feeds, ops: ['If'] });
    expect(then.graph.nodeCount).toBe(1);
  });

  it('removes what a dead subgraph returned without a node of its own', () => {
    const { g, x } = start();
    const captured = g.op('Neg', [x]);
    const branch = () => {
      const b = g.subgraph('branch');
      b.output(captured);
      return b.graph;
    };
    const condition = g.input('condition', 'bool', []);
    g.op('If', [condition], { attributes: { then_branch: branch(), else_branch: branch() } });
    g.output(g.op('Relu', [x]), 'y', float);
    const model = g.model();
    expect(removeDeadNodes.apply(model)).toBe(true);
    checkGraph(model);
    expect(opsOf(model)).toEqual(['Relu']);
  });

  it('leaves out trailing outputs that the operator does not need', async () => {
    const { g, x, feeds } = start([1, 2, 4, 4]);
    const [pooled, indices] = g.ops('MaxPool', [x], { outputs: 2, attributes: { kernel_shape: [2, 2] } });
    g.output(pooled ?? x, 'y', float);
    expect(indices?.isUnused).toBe(true);
    const model = g.model();
    await expectCleaned(removeDeadNodes, model, { feeds, ops: ['MaxPool'] });
    expect(model.graph.lastNode?.outputs).toHaveLength(1);
  });

  it('leaves an unused output in front of one that is needed, and outputs that must be there', async () => {
    const { g, x, feeds } = start([1, 2, 4, 4]);
    const [, indices] = g.ops('MaxPool', [x], { outputs: 2, attributes: { kernel_shape: [2, 2] } });
    g.output(indices ?? x, 'at', tensorType('int64'));
    const k = g.constant('k', { type: 'int64', dims: [1], data: BigInt64Array.of(2n) });
    const [top] = g.ops('TopK', [x, k], { outputs: 2 });
    g.output(top ?? x, 'top', float);
    await expectUntouched(removeDeadNodes, g.model(), feeds);
  });
});

describe('removeUnusedInitializers', () => {
  it('removes constants that nothing needs', async () => {
    const { g, x, feeds } = start();
    g.constant('left over', floats([1], [1]));
    g.output(g.op('Add', [x, g.constant('bias', floats([3], [1, 2, 3]))]), 'y', float);
    const model = g.model();
    await expectCleaned(removeUnusedInitializers, model, { feeds, ops: ['Add'] });
    expect(Array.from(model.graph.initializers, ({ name }) => name)).toEqual(['bias']);
  });

  it('leaves those that are inputs or outputs', async () => {
    const { g, x, feeds } = start();
    g.graph.exposeInitializer(g.constant('default', floats([1], [1])));
    g.output(g.constant('answer', floats([1], [42])), 'answer', tensorType('float32', [1]));
    g.output(g.op('Relu', [x]), 'y', float);
    await expectUntouched(removeUnusedInitializers, g.model(), feeds);
  });
});

describe('removeInitializersFromInputs', () => {
  it('makes constants of defaults and raises the IR version', async () => {
    const { g, x, feeds } = start();
    const weight = g.constant('w', floats([3], [1, 2, 3]));
    g.output(g.op('Add', [x, weight]), 'y', float);
    g.graph.exposeInitializer(weight);
    const model = g.model({ opset: 8, irVersion: 3 });
    const before = await runModel(encodeModel(model), feeds);
    expect(removeInitializersFromInputs.apply(model)).toBe(true);
    checkGraph(model);
    expect(model.irVersion).toBe(4);
    expect(model.graph.inputs).toEqual([x]);
    expect(weight.constant?.dims).toEqual([3]);
    expect(await runModel(encodeModel(model), feeds)).toEqual(before);
    expect(removeInitializersFromInputs.apply(model)).toBe(false);
  });

  it('leaves inputs without a default', async () => {
    const { g, x, feeds } = start();
    g.output(g.op('Add', [x, g.constant('w', floats([3], [1, 2, 3]))]), 'y', float);
    await expectUntouched(removeInitializersFromInputs, g.model(), feeds);
  });
});

/** A function of one input whose body is one node. */
function definition(name: string, op: string, domain = ''): FunctionDefinition {
  const b = new GraphBuilder(name);
  const x = b.graph.addInput('x', null);
  b.output(b.op(op, [x], { domain }), 'y');
  const opsets = new Map(Object.entries({ '': 17, mine: 1 }));
  const nothing = { attributes: [], attributeDefaults: [], docString: '', metadata: [], unknownFields: null };
  return { domain: 'mine', name, overload: '', opsets, body: b.graph, origin: null, ...nothing };
}

describe('removeUnusedFunctions', () => {
  it('keeps functions that are called, also from functions', async () => {
    const { g, x, feeds } = start();
    g.output(g.op('Outer', [x], { domain: 'mine' }), 'y', float);
    const model = g.model({ opsets: { mine: 1 } });
    model.setFunctions([
      definition('Unused', 'Alone', 'mine'),
      definition('Alone', 'Neg'),
      definition('Inner', 'Abs'),
      definition('Outer', 'Inner', 'mine'),
    ]);
    await expectCleaned(removeUnusedFunctions, model, { feeds, ops: ['Outer'] });
    expect(model.functions.map(({ name }) => name)).toEqual(['Inner', 'Outer']);
  });

  it('leaves a model without superfluous functions', async () => {
    const { g, x, feeds } = start();
    g.output(g.op('Add', [x, g.op('Cast', [g.constant('c', long(1))], { attributes: { to: 1 } })]), 'y', float);
    await expectUntouched(removeUnusedFunctions, g.model(), feeds);
  });
});
