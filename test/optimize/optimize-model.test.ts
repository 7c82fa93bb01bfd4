import { describe, expect, it } from 'vitest';
import { encodeModel } from '../../src/onnx/file/encode-model.ts';
import type { FunctionDefinition } from '../../src/onnx/function-definition.ts';
import { floats, GraphBuilder } from '../../src/onnx/graph-builder.ts';
import { Tensor } from '../../src/onnx/tensor.ts';
import { tensorType } from '../../src/onnx/value-type.ts';
import { graphFigures } from '../../src/optimize/graph-figures.ts';
import { optimizeModel } from '../../src/optimize/optimize-model.ts';
import type { OptimizeSettings } from '../../src/optimize/optimize-model.ts';
import { inProcessRunner } from '../numerics/in-process-runner.ts';
import { runModel } from '../numerics/run-model.ts';
import { opsOf } from '../onnx/passes/clean-up-check.ts';

const domain = 'com.example';
const settings: OptimizeSettings = {
  path: 'a.onnx',
  dims: {},
  dynamicBatch: false,
  opset: null,
  inlineFunctions: false,
  skip: [],
};
const context = { runner: inProcessRunner(), onPass: () => undefined };

/** Twice(x) = x + x, called on an Identity of the input. */
function modelWithFunction() {
  const f = new GraphBuilder('Twice');
  const a = f.graph.addInput('a', null);
  f.output(f.op('Add', [a, a]));
  const twice: FunctionDefinition = {
    domain,
    name: 'Twice',
    overload: '',
    attributes: [],
    attributeDefaults: [],
    opsets: new Map([['', 17]]),
    body: f.graph,
    docString: '',
    metadata: [],
    unknownFields: null,
    origin: null,
  };
  const g = new GraphBuilder();
  const x = g.op('Identity', [g.input('x', 'float32', ['n', 2])]);
  g.output(g.op('Twice', [x], { domain }), 'y', tensorType('float32', ['n', 2]));
  const model = g.model({ opsets: { [domain]: 1 } });
  model.setFunctions([twice]);
  return model;
}

describe('optimizeModel', () => {
  it('leaves functions where they are, unless they are to be inlined', async () => {
    const kept = modelWithFunction();
    await optimizeModel(kept, settings, context);
    expect(opsOf(kept)).toEqual(['Twice']);
    expect(kept.functions).toHaveLength(1);
    const inlined = modelWithFunction();
    const x = floats([1, 2], [1.5, -2]);
    const before = await runModel(encodeModel(inlined), { x });
    const { passes } = await optimizeModel(inlined, { ...settings, inlineFunctions: true }, context);
    expect(opsOf(inlined)).toEqual(['Add']);
    expect(inlined.functions).toEqual([]);
    expect(await runModel(encodeModel(inlined), { x })).toEqual(before);
    expect(passes.find(({ pass }) => pass === 'inline-functions')).toMatchObject({ changes: 1, nodesRemoved: 0 });
  });

  it('does what was asked for before it cleans up, and records every pass in order', async () => {
    const all = { ...settings, inlineFunctions: true, opset: 21, dims: { n: 3 } };
    const model = modelWithFunction();
    const { passes, rounds } = await optimizeModel(model, all, context);
    expect(passes.slice(0, 5).map(({ pass }) => pass)).toEqual([
      'sort-nodes',
      'inline-functions',
      'fix-dimensions',
      'remove-initializers-from-inputs',
      'upgrade-opset',
    ]);
    expect(passes.find(({ pass }) => pass === 'remove-noops')).toMatchObject({ changes: 1, nodesRemoved: 1 });
    // The second round finds nothing left to do.
    expect(rounds).toBe(2);
    expect(model.graph.inputs[0]?.type).toMatchObject({ shape: [3, 2] });
    expect(model.opset).toBe(21);
  });

  it('leaves out what is to be skipped, and knows the names', async () => {
    const model = modelWithFunction();
    const { passes } = await optimizeModel(model, { ...settings, skip: ['remove-noops'] }, context);
    expect(passes.map(({ pass }) => pass)).not.toContain('remove-noops');
    expect(opsOf(model)).toEqual(['Identity', 'Twice']);
    const unknown = optimizeModel(model, { ...settings, skip: ['remove-noop'] }, context);
    await expect(unknown).rejects.toMatchObject({ code: 'unknown-name', details: { value: 'remove-noop' } });
  });

  it('waits for whoever listens after each pass', async () => {
    const heard: string[] = [];
    const onPass = async (pass: string) => {
      await new Promise((resolve) => setImmediate(resolve));
      heard.push(pass);
      if (pass === 'remove-noops') throw new Error('enough');
    };
    const optimizing = optimizeModel(modelWithFunction(), settings, { ...context, onPass });
    await expect(optimizing).rejects.toMatchObject({ pass: 'remove-noops', cause: { message: 'enough' } });
    expect(heard.at(-1)).toBe('remove-noops');
  });

  it('widens what WebGPU computes wrong once all is folded, where the model is to run there', async () => {
    const modelOf = () => {
      const g = new GraphBuilder();
      const weights = g.constant(
        'w',
        floats(
          [4, 6, 3],
          Array.from({ length: 72 }, (_, at) => at % 7),
        ),
      );
      const y = g.op('Conv', [g.input('x', 'float32', [1, 6, 8]), weights]);
      g.output(g.op('Mul', [y, g.constant('c', floats([], [2]))]), 'y', tensorType('float32'));
      return g.model({ opset: 17 });
    };
    const [cpu, webgpu] = [modelOf(), modelOf()];
    await optimizeModel(cpu, settings, context);
    expect(opsOf(cpu)).toEqual(['Conv']);
    const { passes } = await optimizeModel(webgpu, { ...settings, target: 'webgpu' }, context);
    expect(opsOf(webgpu)).toEqual(['Pad', 'Conv']);
    expect(passes.at(-1)).toMatchObject({ pass: 'widen-conv-inputs', changes: 1 });
    expect([...webgpu.graph.initializers].map(({ constant }) => constant?.dims)).toEqual([[6], [4, 8, 3]]);
  });

  it('takes the bodies of functions apart where WebGPU would compute one wrong', async () => {
    const f = new GraphBuilder('Body');
    const a = f.graph.addInput('a', null);
    const weights = Tensor.fromDense(
      floats(
        [4, 6, 3],
        Array.from({ length: 72 }, (_, at) => at % 5),
      ),
    );
    f.output(f.op('Conv', [a, f.op('Constant', [], { attributes: { value: weights } })]));
    const modelOf = () => {
      const model = modelWithFunction();
      const [twice] = model.functions;
      if (twice === undefined) throw new Error('unreachable');
      model.setFunctions([{ ...twice, body: f.graph }]);
      return model;
    };
    const kept = modelOf();
    await optimizeModel(kept, settings, context);
    expect(opsOf(kept)).toEqual(['Twice']);
    const widened = modelOf();
    await optimizeModel(widened, { ...settings, target: 'webgpu' }, context);
    expect(opsOf(widened)).toEqual(['Pad', 'Conv']);
  });
});

describe('graphFigures', () => {
  it('count what is in subgraphs and functions too, and a shared constant once', () => {
    const g = new GraphBuilder();
    const branch = (name: string, op: string) => {
      const b = g.subgraph(name);
      b.output(b.op(op, [x]));
      return b.graph;
    };
    const x = g.input('x', 'float32', [2]);
    const cond = g.input('cond', 'bool', []);
    const attributes = { then_branch: branch('then', 'Relu'), else_branch: branch('else', 'Neg') };
    const chosen = g.op('If', [cond], { attributes });
    const w = g.constant('w', floats([2], [1, 2]));
    const shared = w.tensor?.kind === 'dense' ? g.constant('again', w.tensor) : w;
    const mystery = g.op('Mystery', [g.op('Add', [g.op('Add', [chosen, w]), shared])], { domain });
    g.output(mystery, 'y', tensorType('float32', [2]));
    expect(graphFigures(g.model({ opsets: { [domain]: 1 } }), 7)).toEqual({
      nodes: 6,
      operators: { Add: 2, If: 1, 'com.example:Mystery': 1, Relu: 1, Neg: 1 },
      initializers: 2,
      constantBytes: 8,
      macs: 7,
      opset: 17,
      irVersion: 8,
    });
    expect(graphFigures(modelWithFunction(), null)).toMatchObject({ nodes: 3, operators: { Add: 1 }, macs: null });
  });
});
