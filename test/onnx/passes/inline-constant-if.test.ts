import { describe, expect, it } from 'vitest';
import type { DenseTensor } from '../../../src/onnx/dense-tensor.ts';
import { floats, GraphBuilder } from '../../../src/onnx/graph-builder.ts';
import { inlineConstantIf } from '../../../src/onnx/passes/inline-constant-if.ts';
import { Tensor } from '../../../src/onnx/tensor.ts';
import type { Value } from '../../../src/onnx/value.ts';
import { tensorType } from '../../../src/onnx/value-type.ts';
import { expectCleaned, expectUntouched, ramp } from './clean-up-check.ts';

const float = tensorType('float32', ['n']);
const feeds = { x: ramp([4]) };
const bool = (value: boolean): DenseTensor => ({ type: 'bool', dims: [], data: Uint8Array.of(value ? 1 : 0) });

type Branch = (b: GraphBuilder) => void;

function branching(g: GraphBuilder, condition: Value, branches: { yes: Branch; no: Branch }): Value {
  const [then, other] = [g.subgraph('then'), g.subgraph('else')];
  branches.yes(then);
  branches.no(other);
  return g.op('If', [condition], { attributes: { then_branch: then.graph, else_branch: other.graph } });
}

function start() {
  const g = new GraphBuilder();
  return { g, x: g.input('x', 'float32', ['n']) };
}

/** Multiplies by a constant of its own. */
const scale =
  (x: Value, factor: number): Branch =>
  (b) => {
    b.output(b.op('Mul', [b.op('Neg', [x], { as: 'inner' }), b.constant('factor', floats([], [factor]))], { as: 'r' }));
  };

describe('inlineConstantIf', () => {
  it.each([true, false])('puts the branch for %s in its place', async (value) => {
    const { g, x } = start();
    const captured = g.op('Relu', [x], { as: 'inner' });
    const branches = { yes: scale(captured, 2), no: scale(captured, 3) };
    const result = branching(g, g.constant('condition', bool(value)), branches);
    g.output(g.op('Abs', [result]), 'y', float);
    await expectCleaned(inlineConstantIf, g.model(), { feeds, ops: ['Relu', 'Neg', 'Mul', 'Abs'] });
  });

  it('gives the branch’s results the names of outputs', async () => {
    const { g, x } = start();
    const constant = g.op('Constant', [], { attributes: { value: Tensor.fromDense(bool(true)) } });
    const result = branching(g, constant, { yes: scale(x, 2), no: scale(x, 3) });
    g.output(result, 'y', float);
    await expectCleaned(inlineConstantIf, g.model(), { feeds, ops: ['Constant', 'Neg', 'Mul'] });
  });

  it('adds an Identity where a name cannot move', async () => {
    const { g, x } = start();
    const twice = (b: GraphBuilder) => {
      const value = b.op('Neg', [x]);
      b.output(value);
      b.output(b.op('Identity', [b.constant('seven', floats([1], [7]))]));
    };
    const [then, other] = [g.subgraph('then'), g.subgraph('else')];
    twice(then);
    twice(other);
    then.graph.addOutput(then.constant('eight', floats([1], [8])));
    other.graph.addOutput(other.constant('nine', floats([1], [9])));
    const attributes = { then_branch: then.graph, else_branch: other.graph };
    const [a, b, c] = g.ops('If', [g.constant('no', bool(false))], { outputs: 3, attributes });
    for (const [index, value] of [a, b, c].entries()) g.output(value ?? x, `y${index}`, tensorType('float32'));
    const ops = ['Neg', 'Identity', 'Identity'];
    await expectCleaned(inlineConstantIf, g.model(), { feeds, ops });
  });

  it('works through nested branches, which capture from all around', async () => {
    const { g, x } = start();
    const yes = g.constant('yes', bool(true));
    const nested: Branch = (b) => {
      const local = b.op('Exp', [x]);
      const inner = branching(b, yes, {
        yes: (c) => c.output(c.op('Add', [local, c.op('Abs', [x])])),
        no: scale(local, 5),
      });
      b.output(b.op('Neg', [inner]));
    };
    g.output(branching(g, yes, { yes: nested, no: scale(x, 3) }), 'y', float);
    await expectCleaned(inlineConstantIf, g.model(), { feeds, ops: ['Exp', 'Abs', 'Add', 'Neg'] });
  });

  it('copies a branch that has branches of its own', async () => {
    const { g, x } = start();
    const fed = g.input('fed', 'bool', []);
    const nested: Branch = (b) => {
      const local = b.op('Exp', [x]);
      b.output(branching(b, fed, { yes: scale(local, 2), no: scale(local, 5) }));
    };
    g.output(branching(g, g.constant('yes', bool(true)), { yes: nested, no: scale(x, 3) }), 'y', float);
    const model = g.model();
    await expectCleaned(inlineConstantIf, model, { feeds: { ...feeds, fed: bool(false) }, ops: ['Exp', 'If'] });
  });

  it('leaves conditions that are fed, computed or defaults', async () => {
    const { g, x } = start();
    const choose = (condition: Value) => branching(g, condition, { yes: scale(x, 2), no: scale(x, 3) });
    const fed = g.input('fed', 'bool', []);
    const optional = g.constant('default', bool(true));
    const computed = g.op('Not', [g.constant('constant', bool(true))]);
    g.output(g.op('Sum', [choose(fed), choose(optional), choose(computed)]), 'y', float);
    g.graph.exposeInitializer(optional);
    await expectUntouched(inlineConstantIf, g.model(), { ...feeds, fed: bool(true) });
  });

  it('leaves branches with initializers in a function, which can have none', async () => {
    const body = new GraphBuilder('Choose');
    const a = body.graph.addInput('a', null);
    const constant = () => body.op('Constant', [], { attributes: { value: Tensor.fromDense(bool(true)) } });
    const plain = branching(body, constant(), {
      yes: (b) => b.output(b.op('Neg', [a])),
      no: (b) => b.output(b.op('Abs', [a])),
    });
    body.output(branching(body, constant(), { yes: scale(plain, 2), no: scale(plain, 3) }), 'b');
    const { g, x } = start();
    g.output(g.op('Choose', [x], { domain: 'mine' }), 'y', float);
    const model = g.model({ opsets: { mine: 1 } });
    const nothing = { overload: '', attributes: [], attributeDefaults: [], docString: '', metadata: [] };
    const definition = { domain: 'mine', name: 'Choose', opsets: new Map([['', 17]]), body: body.graph };
    model.setFunctions([{ ...nothing, ...definition, unknownFields: null, origin: null }]);
    await expectCleaned(inlineConstantIf, model, { feeds, ops: ['Choose'] });
    expect(Array.from(body.graph.nodes(), ({ op }) => op)).toEqual(['Constant', 'Neg', 'Constant', 'If']);
  });
});
