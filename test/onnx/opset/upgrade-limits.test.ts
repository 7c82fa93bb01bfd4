import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../src/errors.ts';
import { InferError } from '../../../src/errors.ts';
import { attributeOf } from '../../../src/onnx/attribute.ts';
import { checkGraph } from '../../../src/onnx/check.ts';
import type { NamedTensors } from '../../../src/onnx/dense-tensor.ts';
import { encodeModel } from '../../../src/onnx/file/encode-model.ts';
import type { FunctionDefinition } from '../../../src/onnx/function-definition.ts';
import { floats, GraphBuilder, longs } from '../../../src/onnx/graph-builder.ts';
import type { OpOptions } from '../../../src/onnx/graph-builder.ts';
import type { Model } from '../../../src/onnx/model.ts';
import { upgradeOpset } from '../../../src/onnx/opset/upgrade-opset.ts';
import { tensorType } from '../../../src/onnx/value-type.ts';
import { runModel } from '../../numerics/run-model.ts';
import { randomTensor } from './operator-cases.ts';

function single(op: string, opset: number, options: OpOptions & { readonly outputs?: number } = {}): Model {
  const g = new GraphBuilder();
  const x = g.input('x', tensorType('float32', ['n', 2, 3]));
  const made = g.ops(op, [x], { outputs: 1, name: 'it', ...options });
  for (const value of made) g.output(value);
  return g.model({ opset });
}

interface Refusal {
  readonly finding: Finding | null;
  readonly unchanged: boolean;
}

function refusal(model: Model, target: number): Refusal {
  const before = encodeModel(model);
  try {
    upgradeOpset(target, 'm.onnx').apply(model);
  } catch (error) {
    const unchanged = Buffer.from(before).equals(encodeModel(model));
    return { finding: error instanceof InferError ? error.finding : null, unchanged };
  }
  return { finding: null, unchanged: false };
}

const refused = (operator: string, from: number, problem: RegExp) => ({
  code: 'opset-unsupported',
  details: { path: 'm.onnx', operator, node: 'it', from, to: 21, problem: expect.stringMatching(problem) },
});

describe('upgradeOpset refuses', () => {
  it.each([
    ['an unknown operator', single('Crop', 9), refused('Crop', 9, /no such operator/)],
    ['an operator of a later version', single('Range', 9), refused('Range', 9, /no such operator/)],
    ['one that was removed', single('Upsample', 11), refused('Upsample', 11, /no such operator/)],
    ['an opset before 6', single('Relu', 5), refused('Relu', 5, /before 6/)],
    [
      'broadcasting by an attribute',
      single('Add', 6, { attributes: { broadcast: 1 } }),
      refused('Add', 6, /broadcasting of its own/),
    ],
    ['what version 6 trains', single('Dropout', 6), refused('Dropout', 6, /trains/)],
    ['an Upsample of version 6', single('Upsample', 6), refused('Upsample', 6, /other scales/)],
    [
      'statistics of each place',
      single('BatchNormalization', 8, { attributes: { spatial: 0 } }),
      refused('BatchNormalization', 8, /spatial/),
    ],
    ['training', single('BatchNormalization', 9, { outputs: 5 }), refused('BatchNormalization', 9, /training/)],
    ['a mask that is used', single('Dropout', 9, { outputs: 2 }), refused('Dropout', 9, /mask/)],
    ['a mask that changes', single('Dropout', 10, { outputs: 2 }), refused('Dropout', 10, /opposite/)],
    ['a Scan over batches', single('Scan', 8), refused('Scan', 8, /batch/)],
    ['nearest neighbors of unknown scales', single('Resize', 10), refused('Resize', 10, /scales must be constant/)],
    [
      'groups of unknown size',
      single('GroupNormalization', 18, { attributes: { num_groups: 5 } }),
      refused('GroupNormalization', 18, /channels/),
    ],
  ])('%s', (_, model, finding) => {
    expect(refusal(model, 21)).toEqual({ finding, unchanged: true });
  });

  it.each([16, 26, 17.5])('the target %f for a model of opset 17', (target) => {
    const details = {
      flag: '--opset',
      value: String(target),
      expected: "a whole number from the model's own 17 to 25",
    };
    expect(refusal(single('Relu', 17), target).finding).toEqual({ code: 'bad-value', details });
  });

  it('bounds for an input of unknown type', () => {
    const g = new GraphBuilder();
    const x = g.op('Custom', [g.input('x', 'float32', [1])], { domain: 'my.domain' });
    g.output(g.op('Clip', [x], { attributes: { min: { float: 0 } }, name: 'it' }));
    const model = g.model({ opset: 10, opsets: { 'my.domain': 1 } });
    expect(refusal(model, 21).finding).toEqual(refused('Clip', 10, /element type/));
  });
});

async function expectSame(model: Model, feeds: NamedTensors, target: number): Promise<void> {
  const before = await runModel(encodeModel(model), feeds);
  expect(upgradeOpset(target, 'm.onnx').apply(model)).toBe(true);
  checkGraph(model);
  expect(await runModel(encodeModel(model), feeds)).toEqual(before);
}

describe('upgradeOpset', () => {
  it('upgrades subgraphs and leaves other domains alone', async () => {
    const g = new GraphBuilder();
    const x = g.input('x', 'float32', [2, 3, 4]);
    const condition = g.input('condition', 'bool', []);
    const [sums, clipped] = [g.subgraph('sums'), g.subgraph('clipped')];
    sums.output(sums.op('ReduceSum', [x], { attributes: { axes: [1], keepdims: 0 } }));
    const scaled = clipped.op('Softmax', [x], { attributes: { axis: 1 } });
    clipped.output(clipped.op('Squeeze', [clipped.op('Slice', [scaled], sliceOfFirst)], { attributes: { axes: [1] } }));
    const attributes = { then_branch: sums.graph, else_branch: clipped.graph };
    const y = g.op('If', [condition], { attributes });
    const z = g.op('Gelu', [x], { domain: 'com.microsoft' });
    g.output(y, 'y', tensorType('float32'));
    g.output(z, 'z', tensorType('float32'));
    const model = g.model({ opset: 9, opsets: { 'com.microsoft': 1 } });
    const bytes = encodeModel(model);
    for (const flag of [0, 1]) {
      const feeds: NamedTensors = {
        x: randomTensor([2, 3, 4]),
        condition: { type: 'bool', dims: [], data: Uint8Array.of(flag) },
      };
      const before = await runModel(bytes, feeds);
      upgradeOpset(21, 'm.onnx').apply(model);
      checkGraph(model);
      expect(await runModel(encodeModel(model), feeds)).toEqual(before);
    }
    expect(model.opsets).toEqual(
      new Map([
        ['', 21],
        ['com.microsoft', 1],
      ]),
    );
    expect(model.irVersion).toBe(10);
  });

  it('upgrades a function by its own operator set, with attributes that come from the caller', async () => {
    const f = new GraphBuilder('f');
    const x = f.input('x', { kind: 'opaque' });
    x.setType(null);
    const sum = f.op('ReduceMean', [x]);
    sum.producer?.setAttribute({ name: 'axes', kind: 'reference', value: 'over', type: 7 });
    const rows = f.op('Softmax', [sum]);
    rows.producer?.setAttribute({ name: 'axis', kind: 'reference', value: 'from', type: 2 });
    f.output(f.op('Unsqueeze', [rows], { attributes: { axes: [0] } }));
    const definition: FunctionDefinition = {
      domain: 'my.domain',
      name: 'Rows',
      overload: '',
      attributes: ['over'],
      attributeDefaults: [attributeOf.int('from', 1)],
      opsets: new Map([['', 12]]),
      body: f.graph,
      docString: '',
      metadata: [],
      unknownFields: null,
      origin: null,
    };
    const g = new GraphBuilder();
    const called = g.op('Rows', [g.input('x', 'float32', [2, 3, 4, 2])], {
      domain: 'my.domain',
      attributes: { over: [0] },
    });
    g.output(called, 'y', tensorType('float32'));
    const model = g.model({ opset: 12, irVersion: 8, opsets: { 'my.domain': 1 } });
    model.setFunctions([definition]);
    await expectSame(model, { x: randomTensor([2, 3, 4, 2]) }, 21);
    expect(model.functions[0]?.opsets).toEqual(new Map([['', 21]]));
    expect(upgradeOpset(21, 'm.onnx').apply(model)).toBe(false);
  });

  it('takes a model of IR version 3, whose initializers are inputs', async () => {
    const g = new GraphBuilder();
    const x = g.input('x', 'float32', [1, 1, 2, 2]);
    const scales = g.constant('scales', floats([4], [1, 1, 2, 2]));
    g.graph.exposeInitializer(scales);
    const grown = g.op('Upsample', [x, scales], { attributes: { mode: 'nearest' } });
    const shape = g.constant('shape', longs([1, 16]));
    g.graph.exposeInitializer(shape);
    g.output(g.op('Softmax', [g.op('Reshape', [grown, shape])]), 'y', tensorType('float32', [1, 16]));
    const model = g.model({ opset: 9, irVersion: 3 });
    await expectSame(model, { x: randomTensor([1, 1, 2, 2]) }, 21);
    expect(model.irVersion).toBe(10);
  });

  it('gives Clip bounds of the type of its input', async () => {
    const g = new GraphBuilder();
    const x = g.input('x', 'float64', [3]);
    g.output(g.op('Clip', [x], { attributes: { min: -0.5 } }), 'y', tensorType('float64', [3]));
    const model = g.model({ opset: 8 });
    upgradeOpset(21, 'm.onnx').apply(model);
    // onnxruntime has no Clip of doubles before version 12, so the result is the definition's.
    const feeds: NamedTensors = { x: { type: 'float64', dims: [3], data: Float64Array.of(-2, 0.1, 1e300) } };
    const { y } = await runModel(encodeModel(model), feeds);
    expect(y?.data).toEqual(Float64Array.of(-0.5, 0.1, 1e300));
  });
});

const sliceOfFirst: OpOptions = { attributes: { starts: [0], ends: [1], axes: [1] } };
