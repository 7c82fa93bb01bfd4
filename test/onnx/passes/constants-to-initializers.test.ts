import { describe, expect, it } from 'vitest';
import { checkGraph } from '../../../src/onnx/check.ts';
import { encodeModel } from '../../../src/onnx/file/encode-model.ts';
import type { PlainAttribute } from '../../../src/onnx/graph-builder.ts';
import { floats, GraphBuilder, longs } from '../../../src/onnx/graph-builder.ts';
import { constantsToInitializers } from '../../../src/onnx/passes/constants-to-initializers.ts';
import { Tensor } from '../../../src/onnx/tensor.ts';
import { tensorType } from '../../../src/onnx/value-type.ts';
import { runModel } from '../../numerics/run-model.ts';
import { expectCleaned, expectUntouched, ramp } from './clean-up-check.ts';

const forms: readonly (readonly [string, PlainAttribute])[] = [
  ['value', Tensor.fromDense(floats([2, 1], [1, 2]))],
  ['value', Tensor.fromDense({ type: 'string', dims: [2], data: ['ä', ''] })],
  ['value_float', { float: 2 }],
  ['value_floats', { floats: [1.5, 2] }],
  ['value_int', -3],
  ['value_ints', [3, 4]],
  ['value_string', 'ä'],
  ['value_strings', ['a', 'b']],
];

describe('constantsToInitializers', () => {
  it.each(forms)('takes %s %o', async (form, value) => {
    const g = new GraphBuilder();
    const constant = g.op('Constant', [], { attributes: { [form]: value }, as: 'c' });
    const text = form.startsWith('value_string') || (value instanceof Tensor && value.type === 'string');
    const type = text ? 'string' : form.startsWith('value_int') ? 'int64' : 'float32';
    g.output(g.op('Identity', [constant]), 'y', tensorType(type));
    const model = g.model();
    await expectCleaned(constantsToInitializers, model, { ops: ['Identity'] });
    expect(Array.from(model.graph.initializers, ({ name }) => name)).toEqual(['c']);
  });

  it('works inside subgraphs and raises the IR version', async () => {
    const g = new GraphBuilder();
    const x = g.input('x', 'float32', [2]);
    const two = g.op('Constant', [], { attributes: { value: Tensor.fromDense(floats([1], [2])) } });
    const [then, other] = [g.subgraph('then'), g.subgraph('else')];
    const three = then.op('Constant', [], { attributes: { value: Tensor.fromDense(floats([1], [3])) } });
    then.output(then.op('Mul', [then.op('Mul', [x, three]), two]));
    other.output(other.op('Neg', [x]));
    const condition = g.input('condition', 'bool', []);
    const attributes = { then_branch: then.graph, else_branch: other.graph };
    g.output(g.op('If', [condition], { attributes }), 'y', tensorType('float32'));
    const model = g.model({ opset: 8, irVersion: 3 });
    const feeds = { x: ramp([2]), condition: { type: 'bool', dims: [], data: Uint8Array.of(1) } } as const;
    const before = await runModel(encodeModel(model), feeds);
    expect(constantsToInitializers.apply(model)).toBe(true);
    checkGraph(model);
    expect(model.irVersion).toBe(4);
    expect([model.graph.initializers.size, then.graph.initializers.size, then.graph.nodeCount]).toEqual([1, 1, 2]);
    expect(await runModel(encodeModel(model), feeds)).toEqual(before);
    expect(constantsToInitializers.apply(model)).toBe(false);
  });

  it('leaves constants that are returned', async () => {
    const g = new GraphBuilder();
    const constant = g.op('Constant', [], { attributes: { value_ints: [3, 4] } });
    g.output(constant, 'y', tensorType('int64', [2]));
    await expectUntouched(constantsToInitializers, g.model());
  });

  it('leaves constants of functions', async () => {
    const body = new GraphBuilder('Twice');
    const two = body.op('Constant', [], { attributes: { value: Tensor.fromDense(floats([], [2])) } });
    body.output(body.op('Mul', [body.graph.addInput('a', null), two]), 'b');
    const g = new GraphBuilder();
    g.output(g.op('Twice', [g.input('x', 'float32', [2])], { domain: 'mine' }), 'y', tensorType('float32'));
    const model = g.model({ opsets: { mine: 1 } });
    const nothing = { overload: '', attributes: [], attributeDefaults: [], docString: '', metadata: [] };
    const opsets = new Map([['', 17]]);
    const definition = { domain: 'mine', name: 'Twice', opsets, body: body.graph, unknownFields: null, origin: null };
    model.setFunctions([{ ...nothing, ...definition }]);
    await expectUntouched(constantsToInitializers, model, { x: ramp([2]) });
  });

  it('keeps the numbers of the shape they make', async () => {
    const g = new GraphBuilder();
    const shape = g.op('Constant', [], { attributes: { value: Tensor.fromDense(longs([3, -1])) } });
    g.output(g.op('Reshape', [g.input('x', 'float32', [6]), shape]), 'y', tensorType('float32'));
    await expectCleaned(constantsToInitializers, g.model(), { feeds: { x: ramp([6]) }, ops: ['Reshape'] });
  });
});
