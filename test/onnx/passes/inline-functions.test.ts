import { describe, expect, it } from 'vitest';
import { ModelError } from '../../../src/errors.ts';
import type { Attribute } from '../../../src/onnx/attribute.ts';
import { attributeOf } from '../../../src/onnx/attribute.ts';
import { checkGraph } from '../../../src/onnx/check.ts';
import type { NamedTensors } from '../../../src/onnx/dense-tensor.ts';
import { encodeModel } from '../../../src/onnx/file/encode-model.ts';
import type { FunctionDefinition } from '../../../src/onnx/function-definition.ts';
import { floats, GraphBuilder } from '../../../src/onnx/graph-builder.ts';
import type { Model } from '../../../src/onnx/model.ts';
import { inlineFunctions } from '../../../src/onnx/passes/inline-functions.ts';
import { removeUnusedFunctions } from '../../../src/onnx/passes/remove-unused-functions.ts';
import { allGraphs } from '../../../src/onnx/traverse.ts';
import type { Value } from '../../../src/onnx/value.ts';
import { tensorType } from '../../../src/onnx/value-type.ts';
import { runModel } from '../../numerics/run-model.ts';

const domain = 'my.domain';

interface FunctionOptions {
  readonly inputs?: number;
  readonly attributes?: readonly string[];
  readonly defaults?: readonly Attribute[];
  readonly overload?: string;
  readonly opset?: number;
  readonly others?: Readonly<Record<string, number>>;
}

function functionOf(
  name: string,
  write: (f: GraphBuilder, inputs: readonly Value[]) => readonly Value[],
  options: FunctionOptions = {},
): FunctionDefinition {
  const f = new GraphBuilder(name);
  const inputs = Array.from({ length: options.inputs ?? 1 }, (_, index) => f.graph.addInput(`x${index}`, null));
  for (const value of write(f, inputs)) f.output(value);
  return {
    domain,
    name,
    overload: options.overload ?? '',
    attributes: options.attributes ?? [],
    attributeDefaults: options.defaults ?? [],
    opsets: new Map([['', options.opset ?? 17], [domain, 1], ...Object.entries(options.others ?? {})]),
    body: f.graph,
    docString: '',
    metadata: [],
    unknownFields: null,
    origin: null,
  };
}

const refer = (value: Value, name: string, to: string, type: number) =>
  value.producer?.setAttribute({ name, kind: 'reference', value: to, type });

interface MainOptions {
  readonly functions: readonly FunctionDefinition[];
  readonly irVersion?: number;
}

/** A model of IR version 10, which knows overloads, with the input x: float[2, 3]. */
function modelOf(
  { functions, irVersion = 10 }: MainOptions,
  write: (g: GraphBuilder, x: Value) => readonly Value[],
): Model {
  const g = new GraphBuilder();
  const x = g.input('x', 'float32', [2, 3]);
  for (const [index, value] of write(g, x).entries()) g.output(value, `y${index}`, tensorType('float32'));
  const model = g.model({ opset: 17, irVersion, opsets: { [domain]: 1 } });
  model.setFunctions(functions);
  return model;
}

const feeds: NamedTensors = { x: floats([2, 3], [-1.5, -0.5, 0.25, 1, 2, 3]) };

const callsLeft = (model: Model) =>
  [...allGraphs(model)].flatMap((graph) => [...graph.nodes()]).filter((node) => node.domain === domain).length;

async function expectSame(model: Model): Promise<void> {
  const pass = inlineFunctions('m.onnx');
  const before = await runModel(encodeModel(model), feeds);
  expect(pass.apply(model)).toBe(true);
  checkGraph(model);
  expect(await runModel(encodeModel(model), feeds)).toEqual(before);
  expect(pass.apply(model)).toBe(false);
}

const scaled = functionOf(
  'Scaled',
  (f, [x]) => {
    const factor = f.op('Constant', []);
    refer(factor, 'value_float', 'factor', 1);
    const leaky = f.op('LeakyRelu', [x ?? null], { name: 'leaky' });
    refer(leaky, 'alpha', 'slope', 1);
    return [f.op('Mul', [leaky, factor], { name: 'scale' })];
  },
  { attributes: ['factor', 'slope'], defaults: [] },
);

describe('inlineFunctions', () => {
  it('resolves references: given, default and left out', async () => {
    const withDefault: FunctionDefinition = {
      ...scaled,
      attributes: ['slope'],
      attributeDefaults: [attributeOf.float('factor', 3)],
    };
    const model = modelOf({ functions: [withDefault] }, (g, x) => [
      g.op('Scaled', [x], { domain, name: 'first', attributes: { factor: { float: 2 }, slope: 0.5 } }),
      g.op('Scaled', [x], { domain, attributes: { slope: 0.25 } }),
      // LeakyRelu's own default is 0.01.
      g.op('Scaled', [x], { domain, attributes: { factor: { float: 10 } } }),
    ]);
    await expectSame(model);
    expect(callsLeft(model)).toBe(0);
    expect([...model.graph.nodes()].map(({ name }) => name)).toContain('first/leaky');
    expect(removeUnusedFunctions.apply(model)).toBe(true);
    expect(model.functions).toEqual([]);
  });

  it('inlines functions in functions, and hands references through', async () => {
    const outer = functionOf(
      'Outer',
      (f, [x]) => {
        const once = f.op('Scaled', [x ?? null], { domain });
        refer(once, 'factor', 'by', 1);
        const twice = f.op('Scaled', [once], { domain, attributes: { factor: { float: 0.5 } } });
        refer(twice, 'slope', 'by', 1);
        return [twice, f.op('Add', [once, twice])];
      },
      { attributes: ['by'] },
    );
    const model = modelOf({ functions: [outer, scaled] }, (g, x) => [
      ...g.ops('Outer', [x], { domain, outputs: 2, name: 'o', attributes: { by: { float: 0.3 } } }),
    ]);
    await expectSame(model);
    removeUnusedFunctions.apply(model);
    expect(callsLeft(model)).toBe(0);
  });

  it('inlines calls in subgraphs, of functions with subgraphs that capture', async () => {
    const choose = functionOf('Choose', (f, [x = null]) => {
      const sum = f.op('ReduceSum', [x], { attributes: { keepdims: 0 } });
      const positive = f.op('Greater', [sum, f.op('Constant', [], { attributes: { value_float: { float: 0 } } })]);
      const [yes, no] = [f.subgraph('yes'), f.subgraph('no')];
      yes.output(yes.op('Mul', [x, sum]));
      no.output(no.op('Neg', [x]));
      return [f.op('If', [positive], { attributes: { then_branch: yes.graph, else_branch: no.graph } })];
    });
    const model = modelOf({ functions: [choose] }, (g, x) => {
      const [yes, no] = [g.subgraph('yes'), g.subgraph('no')];
      yes.output(yes.op('Choose', [x], { domain, name: 'inside' }));
      no.output(no.op('Choose', [no.op('Neg', [x])], { domain }));
      const attributes = { then_branch: yes.graph, else_branch: no.graph };
      const condition = g.constant('c', { type: 'bool', dims: [], data: Uint8Array.of(0) });
      return [g.op('If', [condition], { attributes }), g.op('Choose', [x], { domain })];
    });
    await expectSame(model);
    removeUnusedFunctions.apply(model);
    expect(callsLeft(model)).toBe(0);
  });

  it('keeps the names of outputs, also where a function returns an input or a value twice', async () => {
    const both = functionOf('Both', (f, [x]) => {
      const y = f.op('Relu', [x ?? null]);
      return [y, y, ...(x ? [x] : [])];
    });
    const model = modelOf({ functions: [both] }, (g, x) => [...g.ops('Both', [x], { domain, outputs: 3 })]);
    expect(inlineFunctions('m.onnx').apply(model)).toBe(true);
    checkGraph(model);
    removeUnusedFunctions.apply(model);
    // onnxruntime takes no such function, so the results are the definition's.
    const relu = floats([2, 3], [0, 0, 0.25, 1, 2, 3]);
    expect(await runModel(encodeModel(model), feeds)).toEqual({ y0: relu, y1: relu, y2: feeds['x'] });
  });

  it('leaves out inputs that the call leaves out', async () => {
    const clip = functionOf('Limit', (f, [x, low, high]) => [f.op('Clip', [x ?? null, low ?? null, high ?? null])], {
      inputs: 3,
    });
    const model = modelOf({ functions: [clip] }, (g, x) => {
      const one = g.constant('one', floats([], [1]));
      return [g.op('Limit', [x, null, one], { domain }), g.op('Limit', [x, one], { domain })];
    });
    await expectSame(model);
    expect([...model.graph.nodes()].map(({ op }) => op)).toEqual(['Clip', 'Clip']);
  });

  const call = (g: GraphBuilder, x: Value | null, overload: string) => {
    const value = g.op('F', [x], { domain });
    if (value.producer) value.producer.info = { overload };
    return value;
  };

  it('tells overloads apart, inlines only what is asked for, and imports what the body needs', async () => {
    const first = functionOf('F', (f, [x]) => [f.op('Relu', [x ?? null])], { overload: 'a' });
    const second = functionOf('F', (f, [x]) => [f.op('Neg', [x ?? null])], { overload: 'b' });
    const gelu = functionOf('H', (f, [x]) => [f.op('Gelu', [x ?? null], { domain: 'com.microsoft' })], {
      others: { 'com.microsoft': 1 },
    });
    const caller = functionOf('G', (f, [x]) => [f.op('H', [x ?? null], { domain })]);
    const model = modelOf({ functions: [first, second, gelu, caller] }, (g, x) => [
      call(g, x, 'a'),
      call(g, x, 'b'),
      g.op('G', [x], { domain }),
      g.op('H', [x], { domain }),
    ]);
    model.setOpset('com.microsoft', 1);
    const bytes = encodeModel(model);
    model.removeOpset('com.microsoft');
    const before = await runModel(bytes, feeds);
    const pass = inlineFunctions('m.onnx', { only: ({ name, overload }) => name === 'H' || overload === 'b' });
    expect(pass.apply(model)).toBe(true);
    checkGraph(model);
    expect(model.opsets.get('com.microsoft')).toBe(1);
    expect(model.functions.find(({ name }) => name === 'G')?.opsets.get('com.microsoft')).toBe(1);
    removeUnusedFunctions.apply(model);
    expect(model.functions.map(({ name, overload }) => name + overload)).toEqual(['Fa', 'G']);
    expect(await runModel(encodeModel(model), feeds)).toEqual(before);
  });

  it('leaves alone what speaks another version, and what returns an input that is left out', () => {
    const older = functionOf('Older', (f, [x]) => [f.op('Relu', [x ?? null])], { opset: 16 });
    const same = functionOf('Same', (f, [x]) => [...(x ? [x] : []), f.op('Constant', [])]);
    const model = modelOf({ functions: [older, same] }, (g, x) => [
      g.op('Older', [x], { domain }),
      g.op('Same', [null], { domain }),
    ]);
    expect(inlineFunctions('m.onnx').apply(model)).toBe(false);
    expect(callsLeft(model)).toBe(2);
  });

  const problemOf = (model: Model): unknown => {
    try {
      inlineFunctions('m.onnx').apply(model);
    } catch (error) {
      return error instanceof ModelError ? error.finding : error;
    }
    return null;
  };

  it('refuses functions that call themselves, also through others', () => {
    const ping = functionOf('Ping', (f, [x]) => [f.op('Pong', [x ?? null], { domain })]);
    const pong = functionOf('Pong', (f, [x]) => [f.op('Ping', [x ?? null], { domain })]);
    const model = modelOf({ functions: [scaled, ping, pong] }, (g, x) => [g.op('Ping', [x], { domain })]);
    const details = { path: 'm.onnx', where: "function 'my.domain.Ping'", problem: 'it calls itself' };
    expect(problemOf(model)).toEqual({ code: 'model-invalid', details });
  });

  it('refuses functions that double a hundred times', () => {
    const functions = Array.from({ length: 100 }, (_, level) =>
      functionOf(`F${level}`, (f, [x = null]) => {
        const next = (value: Value | null) =>
          f.op(level === 99 ? 'Relu' : `F${level + 1}`, [value], level === 99 ? {} : { domain });
        return [next(next(x))];
      }),
    );
    const model = modelOf({ functions }, (g, x) => [g.op('F0', [x], { domain })]);
    expect(problemOf(model)).toMatchObject({ details: { problem: expect.stringContaining('1000000 nodes') } });
    expect(callsLeft(model)).toBe(199);
  });
});
